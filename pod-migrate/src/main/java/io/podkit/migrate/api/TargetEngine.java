package io.podkit.migrate.api;

import java.util.Locale;

/** Whose a container is to be on the host that it moves to. */
public enum TargetEngine {
  /** Podkit's: it becomes a pod. */
  POD,
  /** podman's, as it was here. */
  PODMAN;

  /** The name people and reports see. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
