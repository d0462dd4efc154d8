package io.podkit.core.lifecycle;

import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodRecord;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.RootedFiles;
import io.podkit.resource.HostLock;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The files of a pod that does not run: mounted, and the pod locked, for as long as this is open.
 */
final class StoppedFiles implements RootedFiles {
  private final HostLock lock;
  private final MountedRoot root;
  private final RootedFiles files;

  private StoppedFiles(HostLock lock, MountedRoot root, RootedFiles files) {
    this.lock = lock;
    this.root = root;
    this.files = files;
  }

  static StoppedFiles open(PodRecord record, PodLocks locks, PodParts parts, Duration patience)
      throws PodkitException {
    HostLock lock = locks.acquire(record.name(), patience);
    MountedRoot root = null;
    try {
      root = parts.fileSystem().staging().mount(parts.staging(record));
      return new StoppedFiles(lock, root, parts.fileSystem().rooted(root));
    } catch (PodkitException e) {
      closeAfter(e, root);
      closeAfter(e, lock);
      throw e;
    }
  }

  private static void closeAfter(
      PodkitException primary, @org.jspecify.annotations.Nullable AutoCloseable resource) {
    try {
      if (resource != null) {
        resource.close();
      }
    } catch (Exception e) {
      primary.addSuppressed(e);
    }
  }

  @Override
  public InputStream open(String path) throws PodkitException {
    return files.open(path);
  }

  @Override
  public Optional<byte[]> read(String path, int limit) throws PodkitException {
    return files.read(path, limit);
  }

  @Override
  public void write(String path, byte[] content, int mode) throws PodkitException {
    files.write(path, content, mode);
  }

  @Override
  public OutputStream openFifo(String path) throws PodkitException {
    return files.openFifo(path);
  }

  @Override
  public void createFifo(String path, int mode) throws PodkitException {
    files.createFifo(path, mode);
  }

  @Override
  public void createDirectory(String path, int mode) throws PodkitException {
    files.createDirectory(path, mode);
  }

  @Override
  public void delete(String path) throws PodkitException {
    files.delete(path);
  }

  @Override
  public void copyOut(String path, Path hostPath) throws PodkitException {
    files.copyOut(path, hostPath);
  }

  @Override
  public void copyIn(Path hostPath, String path) throws PodkitException {
    files.copyIn(hostPath, path);
  }

  @Override
  public void close() {
    try {
      files.close();
      root.close();
      lock.close();
    } catch (PodkitException e) {
      throw new UncheckedIOException(new java.io.IOException(e.what(), e));
    }
  }
}
