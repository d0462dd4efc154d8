package io.podkit.core.api;

import io.podkit.error.PodkitException;

/** Decides whether a restored pod may run. */
@FunctionalInterface
public interface HoldGate {
  /**
   * Called when the pod is complete and not one of its instructions has run. May block. A normal
   * return lets it run; an exception destroys it.
   */
  void held() throws PodkitException;
}
