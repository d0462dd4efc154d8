package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.List;

/**
 * A pod that is about to come to this host; holds the pod's lock until it is closed. Until {@link
 * HoldGate#held} has returned normally it belongs to the source, and closing removes every trace of
 * it here. Not thread-safe.
 */
public interface Arrival extends AutoCloseable {
  PodName name();

  /** Where the travelling trees are to be put; they exist and are empty. */
  List<PodTree> trees();

  /**
   * Volumes that are not on this host yet, as empty directories; those already here are not listed.
   */
  List<PodTree> volumes();

  /** An empty directory in memory for CRIU's images. */
  Path images();

  /**
   * Brings what may take time into being before the source freezes: CRIU's process, device and
   * network preparations.
   */
  void warmUp() throws PodkitException;

  /**
   * Builds the pod from trees and images, holds it before its first instruction, asks {@code gate},
   * and lets it run.
   *
   * @return the running pod, connected and announced
   */
  PodStatus restore(HoldGate gate) throws PodkitException;

  /** Removes every trace of the pod unless it runs. */
  @Override
  void close() throws PodkitException;
}
