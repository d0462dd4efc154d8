package io.podkit.core.launch;

import org.jspecify.annotations.Nullable;

/**
 * One line of JSON that pod-init writes about what it did; members that do not belong to the event
 * are null.
 *
 * @param event {@code created}, {@code started}, {@code criu} or {@code failed}
 * @param pid host pid of the process the event is about
 * @param stage what failed
 * @param errno symbolic name of the error
 * @param message what went wrong, for people
 */
public record InitEvent(
    String event,
    @Nullable Long pid,
    @Nullable String stage,
    @Nullable String errno,
    @Nullable String message) {

  /** The pid of an event that has one. */
  public long requirePid() {
    if (pid == null) {
      throw new IllegalStateException("pod-init's event '" + event + "' carries no pid");
    }
    return pid;
  }
}
