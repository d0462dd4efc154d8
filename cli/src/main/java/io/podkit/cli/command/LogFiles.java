package io.podkit.cli.command;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.core.api.PodName;
import io.podkit.core.api.Pods;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's command printed, on its way to our streams. The files stay open when the pod is
 * removed or moves away, so the last lines are not lost.
 */
final class LogFiles implements AutoCloseable {
  private static final String STDOUT = "/.pod/stdout";
  private static final String STDERR = "/.pod/stderr";

  private final RootedFiles files;
  private final InputStream stdout;
  private final InputStream stderr;
  private final LogCopy out;
  private final LogCopy err;

  private LogFiles(RootedFiles files, OutputStream out, OutputStream err) throws PodkitException {
    this.files = files;
    stdout = open(STDOUT);
    stderr = open(STDERR);
    this.out = new LogCopy(stdout, out);
    this.err = new LogCopy(stderr, err);
  }

  /** Opens them as they are now; those of a pod that never ran are empty. */
  static LogFiles open(Pods pods, PodName pod, OutputStream out, OutputStream err)
      throws PodkitException {
    RootedFiles files = pods.ownFiles(pod);
    try {
      return new LogFiles(files, out, err);
    } catch (PodkitException e) {
      files.close();
      throw e;
    }
  }

  /** Skips what is there, but for the last lines of each stream; all of it stays with null. */
  void skipToTail(@Nullable Integer lines) throws IOException {
    if (lines != null) {
      out.skipToTail(lines);
      err.skipToTail(lines);
    }
  }

  /**
   * Copies what there is now.
   *
   * @return whether there was anything
   */
  @CanIgnoreReturnValue
  boolean copyRest() throws IOException {
    boolean fromStdout = out.copyRest();
    boolean fromStderr = err.copyRest();
    return fromStdout || fromStderr;
  }

  /** Whether nobody reads one of our streams any more. */
  boolean readerGone() {
    return out.readerGone() || err.readerGone();
  }

  @Override
  public void close() throws IOException {
    try (files;
        stderr) {
      stdout.close();
    }
  }

  private InputStream open(String path) throws PodkitException {
    try {
      return files.open(path);
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return InputStream.nullInputStream();
      }
      throw e;
    }
  }
}
