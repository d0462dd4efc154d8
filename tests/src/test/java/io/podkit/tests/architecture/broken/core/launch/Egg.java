package io.podkit.tests.architecture.broken.core.launch;

import io.podkit.tests.architecture.broken.core.store.Chicken;
import java.util.List;

/** The other half. */
public record Egg(List<Chicken> into) {
  int size(Chicken first) {
    return into.indexOf(first);
  }
}
