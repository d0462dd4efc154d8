package io.podkit.core.checkpoint;

import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.resource.HostLock;
import org.jspecify.annotations.Nullable;

/** A running pod whose record stays as it is. */
final class LookedAtPod extends LocalPodView {
  private final PodRecord record;
  private final HostLock lock;
  private final @Nullable DeadMan deadMan;
  private boolean closed;

  /**
   * @param record with the id of a migration that is not made
   * @param deadMan armed, or null if it cannot be
   */
  LookedAtPod(
      PodRecord record,
      PodStore store,
      PodParts parts,
      PodObserver observer,
      HostLock lock,
      @Nullable DeadMan deadMan) {
    super(store, parts, observer);
    this.record = record;
    this.lock = lock;
    this.deadMan = deadMan;
  }

  @Override
  PodRecord current() {
    return record;
  }

  @Override
  public void close() throws PodkitException {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      if (deadMan != null) {
        deadMan.disarm();
      }
    }
  }
}
