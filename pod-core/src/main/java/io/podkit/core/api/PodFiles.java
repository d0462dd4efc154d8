package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * A pod's files, reached from the host without ever following a link the pod planted out of its own tree.
 */
public interface PodFiles {
  /** The output of the pod's command so far; the caller closes it. At its end it waits for nothing. */
  InputStream openStdout() throws PodkitException;

  /** As {@link #openStdout}, for standard error. */
  InputStream openStderr() throws PodkitException;

  /** Copies a file or directory of the pod to the host. */
  void copyOut(String podPath, Path hostPath) throws PodkitException;

  /** Copies a file or directory of the host into the pod. */
  void copyIn(Path hostPath, String podPath) throws PodkitException;
}
