package io.podkit.fs.layer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.lock.LockFile;
import io.podkit.linux.Syscalls;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The layer store in the host's directories.
 *
 * <p>Two locks, always taken in this order: the store's, shared by whoever adds a layer and taken
 * alone by the garbage collection; and the mounts', held for the moment in which mounts and
 * reference counts change.
 */
public final class FileLayerStore implements LayerStore {

  /** A garbage collection waits for imports that are under way, and the other way round. */
  private static final Duration STORE_PATIENCE = Duration.ofHours(1);

  /** Mounting takes milliseconds. */
  private static final Duration MOUNT_PATIENCE = Duration.ofMinutes(1);

  private final Supplier<? extends Syscalls> sys;
  private final HostDirs dirs;
  private final LayerFiles files;
  private final LayerUsers users;
  private final SquashPacker packer;

  /**
   * The layers in those directories; touches nothing yet.
   *
   * @param sys asked only when a system call is needed: loading them takes a tenth of a second,
   *     which a mere listing should not
   * @param proc where procfs is mounted
   */
  public FileLayerStore(Supplier<? extends Syscalls> sys, HostDirs dirs, Path proc) {
    this.sys = sys;
    this.dirs = dirs;
    this.files = new LayerFiles(sys, dirs);
    this.users = new LayerUsers(dirs);
    this.packer = new SquashPacker(proc);
  }

  @Override
  public boolean has(LayerDigest layer) {
    return files.has(layer);
  }

  @Override
  public Path path(LayerDigest layer) throws PodkitException {
    if (!files.has(layer)) {
      throw LayerFailures.missing(layer);
    }
    return files.path(layer);
  }

  @Override
  public long size(LayerDigest layer) throws PodkitException {
    try {
      return Files.size(path(layer));
    } catch (IOException e) {
      throw PodkitException.io("cannot look at layer " + layer.abbreviated(), e);
    }
  }

  @Override
  public List<LayerDigest> list() throws PodkitException {
    return files.list();
  }

  @Override
  public InputStream open(LayerDigest layer) throws PodkitException {
    try {
      return Files.newInputStream(path(layer));
    } catch (IOException e) {
      throw PodkitException.io("cannot open layer " + layer.abbreviated(), e);
    }
  }

  @Override
  public void receive(LayerDigest layer, InputStream in, long size)
      throws PodkitException, IOException {
    if (files.has(layer)) {
      return;
    }
    try (Scratch scratch = scratch()) {
      Path file = scratch.directory().resolve("layer");
      LayerReceiver.receive(layer, in, size, file);
      keep(file, layer);
    }
  }

  private void keep(Path file, LayerDigest layer) throws PodkitException {
    try {
      files.adopt(file, layer);
    } catch (IOException e) {
      throw PodkitException.io("cannot store layer " + layer.abbreviated(), e);
    }
  }

  @Override
  public LayerDigest packDirectory(Path directory, ByteListener listener) throws PodkitException {
    if (!Files.isDirectory(directory)) {
      throw PodkitException.notFound("there is no directory " + directory);
    }
    try (Scratch scratch = scratch()) {
      Path file = scratch.directory().resolve("layer");
      packer.pack(directory, file, listener);
      return files.adopt(file);
    }
  }

  /**
   * Room to build a layer in. Until it is closed no garbage collection runs, so that a layer cannot
   * vanish before somebody has named it.
   */
  public Scratch scratch() throws PodkitException {
    LockFile lock = LockFile.shared(sys.get(), storeLock(), STORE_PATIENCE);
    try (UndoStack undo = new UndoStack("make room for a layer")) {
      undo.push("give the lock back", lock::close);
      Scratch scratch = new Scratch(files.scratch(), lock);
      undo.commit();
      return scratch;
    }
  }

  /**
   * A directory of its own and a share of the store's lock. Closing removes the one with all in it.
   */
  public final class Scratch implements AutoCloseable {
    private final Path directory;
    private final LockFile lock;

    private Scratch(Path directory, LockFile lock) {
      this.directory = directory;
      this.lock = lock;
    }

    /** The directory, empty at first. */
    public Path directory() {
      return directory;
    }

    @Override
    public void close() throws PodkitException {
      try (lock) {
        files.removeScratch(directory);
      }
    }
  }

  @Override
  public void reserve(Set<LayerDigest> layers, StagingName user) throws PodkitException {
    try (LockFile lock = lockMounts()) {
      for (LayerDigest layer : layers) {
        users.add(layer, user);
      }
    }
  }

  @Override
  public Path mount(LayerDigest layer, StagingName user) throws PodkitException {
    try (LockFile lock = lockMounts();
        UndoStack undo = new UndoStack("mount layer " + layer.abbreviated())) {
      boolean known = users.of(layer).contains(user);
      users.add(layer, user);
      if (!known) {
        undo.push("forget " + user, () -> dropUser(layer, user));
      }
      Path at = mounts().mount(layer, path(layer));
      undo.commit();
      return at;
    }
  }

  @Override
  public void release(LayerDigest layer, StagingName user) throws PodkitException {
    try (LockFile lock = lockMounts()) {
      dropUser(layer, user);
    }
  }

  /** Ends the use of all layers by that user, whichever they are. */
  public void releaseAll(StagingName user) throws PodkitException {
    try (LockFile lock = lockMounts()) {
      for (LayerDigest layer : users.layers()) {
        if (users.of(layer).contains(user)) {
          dropUser(layer, user);
        }
      }
    }
  }

  private void dropUser(LayerDigest layer, StagingName user) throws PodkitException {
    users.remove(layer, user);
    if (users.of(layer).isEmpty()) {
      mounts().unmount(layer);
    }
  }

  @Override
  public void reconcile(Map<StagingName, Set<LayerDigest>> inUse) throws PodkitException {
    try (LockFile lock = lockMounts()) {
      for (LayerDigest layer : users.layers()) {
        for (StagingName user : users.of(layer)) {
          if (!inUse.getOrDefault(user, Set.of()).contains(layer)) {
            users.remove(layer, user);
          }
        }
      }
      for (Map.Entry<StagingName, Set<LayerDigest>> entry : inUse.entrySet()) {
        for (LayerDigest layer : entry.getValue()) {
          users.add(layer, entry.getKey());
        }
      }
      for (LayerDigest layer : users.layers()) {
        if (users.of(layer).isEmpty()) {
          mounts().unmount(layer);
        }
      }
    }
  }

  @Override
  @CanIgnoreReturnValue
  public List<LayerDigest> gc(Set<LayerDigest> needed) throws PodkitException {
    return gc(() -> needed);
  }

  /** Says which layers are needed. */
  @FunctionalInterface
  public interface Needed {
    /** Called while nobody can add a layer. */
    Set<LayerDigest> layers() throws PodkitException;
  }

  /** As {@link #gc(Set)}, asking what is needed once nobody can add a layer any more. */
  @CanIgnoreReturnValue
  public List<LayerDigest> gc(Needed needed) throws PodkitException {
    try (LockFile store = LockFile.exclusive(sys.get(), storeLock(), STORE_PATIENCE);
        LockFile lock = lockMounts()) {
      files.removeAllScratch();
      Set<LayerDigest> kept = new HashSet<>(needed.layers());
      for (LayerDigest layer : users.layers()) {
        if (mounts().isMounted(layer) || !users.of(layer).isEmpty()) {
          kept.add(layer);
        }
      }
      return removeAllBut(kept);
    }
  }

  private List<LayerDigest> removeAllBut(Set<LayerDigest> kept) throws PodkitException {
    List<LayerDigest> removed = new ArrayList<>();
    for (LayerDigest layer : files.list()) {
      if (!kept.contains(layer)) {
        files.delete(layer);
        removed.add(layer);
      }
    }
    return removed;
  }

  private LockFile lockMounts() throws PodkitException {
    return LockFile.exclusive(sys.get(), dirs.locks().resolve("layer-mounts"), MOUNT_PATIENCE);
  }

  private LayerMounts mounts() {
    return new LayerMounts(sys.get(), dirs);
  }

  private Path storeLock() {
    return dirs.locks().resolve("layer-store");
  }
}
