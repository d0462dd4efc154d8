package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files beneath a directory in which untrusted processes write. Paths are the pod's: {@code /}
 * is that directory, a symbolic link is followed as the pod would follow it, and none leads out,
 * however the tree changes meanwhile. Thread-safe; close it to let the directory be unmounted.
 */
public interface RootedFiles extends AutoCloseable {

  /**
   * Opens a regular file. At its end a read returns -1, and later more if the file has grown, so
   * that a log can be followed. The caller closes it.
   *
   * @throws PodkitException NOT_FOUND if there is none, REFUSED if it is not a regular file
   */
  InputStream open(String path) throws PodkitException;

  /**
   * The content of a small regular file, or nothing if there is no such file.
   *
   * @param limit most bytes to accept
   * @throws PodkitException REFUSED if it is not a regular file or is larger
   */
  Optional<byte[]> read(String path, int limit) throws PodkitException;

  /**
   * Creates or replaces a small file; the old content or the new is there at every moment.
   *
   * @param mode permission bits
   */
  void write(String path, byte[] content, int mode) throws PodkitException;

  /**
   * Opens a FIFO for writing without waiting for a reader; a write waits while it is full. The
   * caller closes it.
   *
   * @throws PodkitException NOT_FOUND if there is none, CONFLICT if nobody reads it, REFUSED if it
   *     is something else
   */
  OutputStream openFifo(String path) throws PodkitException;

  /** Creates a FIFO. */
  void createFifo(String path, int mode) throws PodkitException;

  /** Creates a directory; its parent must exist. Does nothing if it is there. */
  void createDirectory(String path, int mode) throws PodkitException;

  /** Removes a file or a directory with all it holds; does nothing if it is not there. */
  void delete(String path) throws PodkitException;

  /**
   * Copies a file or directory of the pod to the host, keeping modes and times; the copy belongs to
   * whoever runs this. Into {@code hostPath} if that is a directory, else to that name.
   */
  void copyOut(String path, Path hostPath) throws PodkitException;

  /**
   * Copies a file or directory of the host into the pod, keeping modes and times; the copy belongs
   * to the pod's root. Into {@code path} if that is a directory, else to that name.
   */
  void copyIn(Path hostPath, String path) throws PodkitException;

  @Override
  void close();
}
