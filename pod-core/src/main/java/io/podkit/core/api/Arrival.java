package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;

/**
 * A pod that is about to come to this host; holds the pod's lock until it is closed. Until {@link
 * HoldGate#held} has returned normally it belongs to the source, and closing removes every trace of
 * it here. Not thread-safe.
 */
public interface Arrival extends AutoCloseable {
  PodName name();

  /**
   * Where one travelling tree is to be put; the pod's layers must be here by now.
   *
   * @param label see {@link PodTree}
   * @throws PodkitException of kind PEER if no such tree is expected
   */
  PodTree tree(String label) throws PodkitException;

  /** An empty directory in memory for CRIU's images. */
  Path images();

  /**
   * Brings what may take time into being before the source freezes: CRIU's process and its
   * knowledge of the kernel, the control group, the bridge.
   */
  void warmUp() throws PodkitException;

  /**
   * Builds the pod from trees and images, holds it before its first instruction, asks {@code gate},
   * and lets it run.
   *
   * @return the running pod, connected and announced
   * @throws PodkitException only if it was not let run
   */
  PodStatus restore(HoldGate gate) throws PodkitException;

  /**
   * As {@link #restore}, but pages that the images call lazy come later: CRIU hands every task's
   * userfaultfd to whoever listens on {@code lazy-pages.socket} in {@link #work}. The directory in
   * memory stays until {@link #filled}.
   */
  PodStatus restoreLazily(HoldGate gate) throws PodkitException;

  /** Every page is in place: gives the directory in memory back. May be called after closing. */
  void filled() throws PodkitException;

  /**
   * Notes durably that memory of the pod stays on the host it comes from, and will be fetched when
   * it runs here. Called before it is let run.
   *
   * @param source that host, for people
   * @return to be closed by the caller when nobody fetches any more
   */
  FillingPod borrow(String source) throws PodkitException;

  /** The directory that CRIU works in. */
  Path work();

  /** A directory in memory for this arrival's own use, made on first use. */
  Path scratch(String name) throws PodkitException;

  /** Its processes, from {@link HoldGate#held} on. */
  PodProcesses processes() throws PodkitException;

  /** Removes every trace of the pod unless it runs. */
  @Override
  void close() throws PodkitException;
}
