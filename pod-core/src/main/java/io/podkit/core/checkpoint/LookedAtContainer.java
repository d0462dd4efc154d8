package io.podkit.core.checkpoint;

import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.container.MovableContainer;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.resource.HostLock;
import org.jspecify.annotations.Nullable;

/** A container of an engine, looked at as a pod would be: nothing of it is on disk. */
final class LookedAtContainer extends ContainerView {
  private final MovableContainer container;
  private final PodRecord record;
  private final PodCgroup cgroup;
  private final HostLock lock;
  private final @Nullable DeadMan deadMan;
  private boolean closed;

  /**
   * @param migration the id of a migration that is not made
   * @param cgroup the engine's, for this container
   * @param deadMan armed, or null if it cannot be
   */
  LookedAtContainer(
      MovableContainer container,
      String migration,
      PodCgroup cgroup,
      PodStore store,
      PodParts parts,
      PodObserver observer,
      HostLock lock,
      @Nullable DeadMan deadMan) {
    super(store, parts, observer);
    this.container = container;
    record = container.record().withMigration(migration);
    this.cgroup = cgroup;
    this.lock = lock;
    this.deadMan = deadMan;
  }

  @Override
  PodRecord current() {
    return record;
  }

  @Override
  MovableContainer found() {
    return container;
  }

  @Override
  PodCgroup cgroup() {
    return cgroup;
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
