package io.podkit.tests.architecture.broken.core.launch;

import io.podkit.tests.architecture.broken.linux.lib.CLibrary;

/** Goes around the typed calls. */
record SpeaksC(CLibrary libc) {}
