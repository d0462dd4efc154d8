package io.podkit.core.lifecycle;

import io.podkit.core.launch.PodTreePaths;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Follows one output file of a command: copies what has been added since the last look. Not
 * thread-safe.
 */
final class StreamCopy implements AutoCloseable {
  private final InputStream from;
  private final byte[] buffer = new byte[64 * 1024];

  private StreamCopy(InputStream from) {
    this.from = from;
  }

  /**
   * @param directory where the command's streams lie, see {@link PodTreePaths}
   * @param fromStart whether what is there already is wanted
   */
  static StreamCopy of(RootedFiles files, String directory, String name, boolean fromStart)
      throws PodkitException {
    InputStream in = openOrEmpty(files, directory + "/" + name);
    try {
      if (!fromStart) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return new StreamCopy(in);
    } catch (IOException e) {
      throw PodkitException.io("cannot read the output of the command", e);
    }
  }

  /** A command with a terminal prints all of it there: it has no file of its errors. */
  private static InputStream openOrEmpty(RootedFiles files, String path) throws PodkitException {
    try {
      return files.open(path);
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return InputStream.nullInputStream();
      }
      throw e;
    }
  }

  /**
   * @return whether anything was copied
   * @throws PodkitException if the reader of {@code to} is gone
   */
  boolean copyTo(OutputStream to) throws PodkitException {
    boolean copied = false;
    try {
      for (int n = from.read(buffer); n > 0; n = from.read(buffer)) {
        to.write(buffer, 0, n);
        copied = true;
      }
      if (copied) {
        to.flush();
      }
      return copied;
    } catch (IOException e) {
      throw PodkitException.io("cannot pass on the output of the command", e);
    }
  }

  @Override
  public void close() throws PodkitException {
    try {
      from.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot close the output of the command", e);
    }
  }
}
