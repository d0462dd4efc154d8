package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerNeeds;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.lock.LockFile;
import io.podkit.linux.Syscalls;
import io.podkit.resource.UndoStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which layers are mounted, and for whom: at most once each, as long as somebody uses it. A user is
 * noted before its layer is mounted and forgotten before it is unmounted, so that a crash leaves at
 * worst a user too many, which {@link #reconcile} finds out.
 */
final class MountedLayers {

  /** Mounting takes milliseconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Supplier<? extends Syscalls> sys;
  private final HostDirs dirs;
  private final LayerUsers users;

  MountedLayers(Supplier<? extends Syscalls> sys, HostDirs dirs) {
    this.sys = sys;
    this.dirs = dirs;
    this.users = new LayerUsers(dirs);
  }

  /** Finds a layer's file; may take as long as reading all of it. */
  @FunctionalInterface
  interface Locator {
    Path locate(LayerDigest layer) throws PodkitException;
  }

  Path mount(LayerDigest layer, StagingName user, Locator files) throws PodkitException {
    try (LockFile lock = lock()) {
      if (mounts().isMounted(layer)) {
        users.add(layer, user); // wherever it came from, that is no matter any more
        return mounts().point(layer);
      }
    }
    Path file = files.locate(layer); // nobody has to wait for that
    try (LockFile lock = lock();
        UndoStack undo = new UndoStack("mount layer " + layer.abbreviated())) {
      boolean known = users.of(layer).contains(user);
      users.add(layer, user);
      if (!known) {
        undo.push("forget " + user, () -> drop(layer, user));
      }
      Path at = mounts().mount(layer, file);
      undo.commit();
      return at;
    }
  }

  void reserve(Set<LayerDigest> layers, StagingName user) throws PodkitException {
    try (LockFile lock = lock()) {
      for (LayerDigest layer : layers) {
        users.add(layer, user);
      }
    }
  }

  void release(LayerDigest layer, StagingName user) throws PodkitException {
    try (LockFile lock = lock()) {
      drop(layer, user);
    }
  }

  void releaseAll(StagingName user) throws PodkitException {
    try (LockFile lock = lock()) {
      for (LayerDigest layer : users.layers()) {
        if (users.of(layer).contains(user)) {
          drop(layer, user);
        }
      }
    }
  }

  private void drop(LayerDigest layer, StagingName user) throws PodkitException {
    users.remove(layer, user);
    if (users.of(layer).isEmpty()) {
      mounts().unmount(layer);
    }
  }

  void reconcile(LayerNeeds needs) throws PodkitException {
    try (LockFile lock = lock()) {
      reconcileLocked(needs);
    }
  }

  /** Does something while nobody mounts, unmounts or reserves a layer. */
  @FunctionalInterface
  interface Work<T> {
    /**
     * Does it.
     *
     * @param used the layers that have a user
     */
    T with(Set<LayerDigest> used) throws PodkitException;
  }

  /** Makes the counts true, and then does that work before anybody can change them. */
  <T> T reconciled(LayerNeeds needs, Work<T> work) throws PodkitException {
    try (LockFile lock = lock()) {
      reconcileLocked(needs);
      return work.with(users.layers());
    }
  }

  private void reconcileLocked(LayerNeeds needs) throws PodkitException {
    Set<StagingName> certain = new HashSet<>();
    Map<StagingName, Set<LayerDigest>> named = needs.named();
    for (StagingName pod : named.keySet()) {
      if (needs.of(pod) == LayerNeeds.Use.CERTAIN) {
        certain.add(pod);
      }
    }
    for (LayerDigest layer : users.layers()) {
      for (StagingName user : users.of(layer)) {
        if (!certain.contains(user) && needs.of(user) == LayerNeeds.Use.NONE) {
          users.remove(layer, user);
        }
      }
    }
    for (StagingName pod : certain) {
      for (LayerDigest layer : named.getOrDefault(pod, Set.of())) {
        users.add(layer, pod);
      }
    }
    for (LayerDigest layer : users.layers()) {
      if (users.of(layer).isEmpty()) {
        mounts().unmount(layer);
      }
    }
  }

  private LockFile lock() throws PodkitException {
    return LockFile.exclusive(sys.get(), dirs.locks().resolve("layer-mounts"), PATIENCE);
  }

  private LayerMounts mounts() {
    return new LayerMounts(sys.get(), dirs);
  }
}
