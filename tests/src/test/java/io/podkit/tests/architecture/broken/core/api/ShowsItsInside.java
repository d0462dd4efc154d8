package io.podkit.tests.architecture.broken.core.api;

import io.podkit.tests.architecture.broken.core.store.Chicken;

/** Hands an inner type to its users. */
public record ShowsItsInside(Chicken inside) {}
