package io.podkit.tests.architecture.broken.fs;

import io.podkit.tests.architecture.broken.core.api.Pods;

/** A lower floor that knows a higher one. */
record LooksUp(Pods pods) {}
