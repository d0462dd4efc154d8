package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The standard streams of a command in a pod. They are files in the pod's own tree, so the command
 * goes on, and keeps its output, when this end goes away or the pod moves.
 *
 * <p>Not thread-safe, except that {@link #resize} may be called from any thread. Closing it leaves
 * the command running.
 */
public interface Attachment extends AutoCloseable {
  /**
   * Copies what the command prints to {@code out} and {@code err} and {@code in}, if not null, to
   * the command, until the command ends.
   *
   * @return the command's exit status, 128+n for signal n
   * @throws PodkitException of kind MOVED if the pod left this host meanwhile
   */
  int relay(@Nullable InputStream in, OutputStream out, OutputStream err)
      throws PodkitException, InterruptedException;

  /** Tells the command's terminal its new size. */
  void resize(TerminalSize size) throws PodkitException;

  /** Sends {@code signal} to the command. */
  void signal(int signal) throws PodkitException;

  @Override
  void close();
}
