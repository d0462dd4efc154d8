package io.podkit.tests.architecture.broken.fs;

import java.util.logging.Logger;

/** Uses another way to log. */
record LogsItsOwnWay(Logger logger) {}
