package io.podkit.core.lifecycle;

import io.podkit.core.api.PodName;
import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerNeeds;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagingName;
import io.podkit.resource.HostLock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who needs layers: records, pods' locks and mounts, asked anew each time. */
final class PodLayers implements LayerNeeds {
  private final PodStore store;
  private final PodLocks locks;
  private final PodParts parts;
  private final PodObserver observer;

  PodLayers(PodStore store, PodLocks locks, PodParts parts, PodObserver observer) {
    this.store = store;
    this.locks = locks;
    this.parts = parts;
    this.observer = observer;
  }

  @Override
  public Map<StagingName, Set<LayerDigest>> named() throws PodkitException {
    Map<StagingName, Set<LayerDigest>> named = new HashMap<>();
    for (PodRecord record : store.list()) {
      named.put(PodParts.stagingName(record.name()), new HashSet<>(PodParts.digests(record)));
    }
    return named;
  }

  @Override
  public Use of(StagingName user) throws PodkitException {
    PodName name = new PodName(user.value());
    Optional<PodRecord> seen = store.find(name);
    if (seen.isPresent() && isInUse(seen.get())) {
      return Use.CERTAIN;
    }
    HostLock lock = locks.tryAcquire(name);
    if (lock == null) {
      return Use.POSSIBLE;
    }
    try (lock) {
      // What was seen before may have been in the middle of a command.
      Optional<PodRecord> record = store.find(name);
      return record.isPresent() && isInUse(record.get()) ? Use.CERTAIN : Use.NONE;
    }
  }

  private boolean isInUse(PodRecord record) throws PodkitException {
    if (record.owner() != null) {
      return false; // a container that leaves: its root is its engine's, and stands on no layers of
      // ours
    }
    if (observer.isAlive(record)) {
      return true;
    }
    Optional<MountedRoot> mounted = parts.fileSystem().staging().attach(parts.staging(record));
    mounted.ifPresent(MountedRoot::detach);
    return mounted.isPresent();
  }
}
