package io.podkit.tests.architecture.broken.core.store;

import io.podkit.tests.architecture.broken.core.launch.Egg;

/** Half of a cycle. */
public record Chicken(Egg from) {}
