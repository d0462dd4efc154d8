package io.podkit.fs.layer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.IncomingLayer;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerNeeds;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.format.LayerHash;
import io.podkit.fs.lock.LockFile;
import io.podkit.fs.source.SourcedLayers;
import io.podkit.linux.Syscalls;
import io.podkit.resource.UndoStack;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * The layer store in the host's directories, and the layers on storage that it shares.
 *
 * <p>Two locks, always taken in this order: the store's, shared by whoever adds a layer or is about
 * to name one and taken alone by the garbage collection; and the mounts', held for the moment in
 * which mounts and reference counts change. A layer that is being received has a lock of its own,
 * held without the others.
 */
public final class FileLayerStore implements LayerStore {

  /** A garbage collection waits for imports that are under way, and the other way round. */
  private static final Duration STORE_PATIENCE = Duration.ofHours(1);

  /** Whoever receives the same layer may have a slow link. */
  private static final Duration RECEIVE_PATIENCE = Duration.ofHours(1);

  private final Supplier<? extends Syscalls> sys;
  private final HostDirs dirs;
  private final LayerFiles files;
  private final SourcedLayers sources;
  private final MountedLayers mounted;
  private final SquashPacker packer;

  /**
   * The layers in those directories; touches nothing yet.
   *
   * @param sys asked only when a system call is needed: loading them takes a tenth of a second,
   *     which a mere listing should not
   * @param proc where procfs is mounted
   * @param podInit the static helper, beside which our libraries lie
   */
  public FileLayerStore(Supplier<? extends Syscalls> sys, HostDirs dirs, Path proc, Path podInit) {
    this.sys = sys;
    this.dirs = dirs;
    this.sources = new SourcedLayers(sys, dirs);
    this.files = new LayerFiles(sys, dirs);
    this.mounted = new MountedLayers(sys, dirs);
    this.packer = new SquashPacker(proc, podInit);
  }

  @Override
  public boolean has(LayerDigest layer) throws PodkitException {
    return files.has(layer) || sources.find(layer).isPresent();
  }

  @Override
  public boolean hasVerified(LayerDigest layer) throws PodkitException {
    boolean here = files.has(layer) || sources.findVerified(layer).isPresent();
    if (!here && !sources.why(layer).isEmpty()) {
      // Not a constant: `pod ps` loads this class and has no use for a logging system.
      LoggerFactory.getLogger(FileLayerStore.class)
          .warn("layer {} has to come from elsewhere: {}", layer, sources.why(layer));
    }
    return here;
  }

  @Override
  public Path path(LayerDigest layer) throws PodkitException {
    if (files.has(layer)) {
      return files.path(layer);
    }
    Optional<Path> elsewhere = sources.find(layer);
    return elsewhere.orElseThrow(() -> LayerFailures.missing(layer, sources.why(layer)));
  }

  /** As {@link #path}, but what another host may have written is compared with the digest. */
  private Path verifiedPath(LayerDigest layer) throws PodkitException {
    if (files.has(layer)) {
      return files.path(layer);
    }
    Optional<Path> elsewhere = sources.findVerified(layer);
    return elsewhere.orElseThrow(() -> LayerFailures.missing(layer, sources.why(layer)));
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
  public long missingBytes(LayerDigest layer, long size) throws PodkitException {
    return has(layer) ? 0 : Math.max(0, size - partial().bytes(layer));
  }

  @Override
  public LayerDigest prefix(LayerDigest layer, long length) throws PodkitException {
    LayerHash hash = new LayerHash();
    try (InputStream in = open(layer)) {
      if (hash.take(in, length) < length) {
        throw new EOFException("its file is shorter than " + length + " bytes");
      }
      return hash.digest();
    } catch (IOException e) {
      throw PodkitException.io("cannot read layer " + layer.abbreviated(), e);
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
  public IncomingLayer incoming(LayerDigest layer, long size) throws PodkitException {
    return partial().open(layer, size, RECEIVE_PATIENCE);
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

  @Override
  public Hold hold() throws PodkitException {
    LockFile lock = LockFile.shared(sys.get(), storeLock(), STORE_PATIENCE);
    return lock::close;
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
    mounted.reserve(layers, user);
  }

  @Override
  public Path mount(LayerDigest layer, StagingName user) throws PodkitException {
    return mounted.mount(layer, user, this::verifiedPath);
  }

  @Override
  public void release(LayerDigest layer, StagingName user) throws PodkitException {
    mounted.release(layer, user);
  }

  /** Ends the use of all layers by that user, whichever they are. */
  public void releaseAll(StagingName user) throws PodkitException {
    mounted.releaseAll(user);
  }

  @Override
  public void reconcile(LayerNeeds needs) throws PodkitException {
    mounted.reconcile(needs);
  }

  /** Says which layers are needed for another reason than a pod. */
  @FunctionalInterface
  public interface Needed {
    /** Called while nobody can add a layer. */
    Set<LayerDigest> layers() throws PodkitException;
  }

  /**
   * Removes every layer of the host's own that neither a pod nor {@code others} need, nor somebody
   * has mounted or reserved; and what crashed commands and broken transfers left. Whatever is
   * needed is asked once nobody can add a layer any more.
   *
   * @return what was removed
   */
  @CanIgnoreReturnValue
  public List<LayerDigest> gc(LayerNeeds pods, Needed others) throws PodkitException {
    try (LockFile store = LockFile.exclusive(sys.get(), storeLock(), STORE_PATIENCE)) {
      files.removeAllScratch();
      partial().clear();
      return mounted.reconciled(
          pods,
          used -> {
            Set<LayerDigest> kept = new HashSet<>(used);
            pods.named().values().forEach(kept::addAll);
            kept.addAll(others.layers());
            return removeAllBut(kept);
          });
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

  private PartialLayers partial() {
    return new PartialLayers(sys.get(), dirs, files);
  }

  private Path storeLock() {
    return dirs.locks().resolve("layer-store");
  }
}
