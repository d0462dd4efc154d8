package io.podkit.tests.architecture.broken.core.launch;

import picocli.CommandLine;

/** An engine that knows the command line. */
record ParsesOptions(CommandLine line) {}
