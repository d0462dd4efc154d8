package io.podkit.migrate.api;

import java.util.Locale;

/** How a pod's memory gets to the target. */
public enum Strategy {
  /** Whatever suits both hosts; see the report for which it was and why. */
  AUTO,
  /** The pod stands still while all of its memory travels. */
  STOP_COPY,
  /** Memory travels in rounds while the pod runs; it stands still for the last dirty pages. */
  PRE_COPY,
  /** The pod goes at once; its memory follows, what it touches first. */
  POST_COPY,
  /** Rounds as in {@link #PRE_COPY}, and {@link #POST_COPY} for what they cannot bring down. */
  HYBRID;

  /** The name people and reports see: {@code stop-copy}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether memory is sent in rounds while the pod runs on the source. */
  public boolean hasRounds() {
    return this == PRE_COPY || this == HYBRID;
  }

  /** Whether the pod may run on the target before its memory has left the source. */
  public boolean leavesMemoryBehind() {
    return this == POST_COPY || this == HYBRID;
  }
}
