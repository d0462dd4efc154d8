package io.podkit.tests.architecture.broken.migrate.wire;

import io.podkit.tests.architecture.broken.core.store.Chicken;

/** Uses the inside of another module. */
record ClimbsThroughTheWindow(Chicken inside) {}
