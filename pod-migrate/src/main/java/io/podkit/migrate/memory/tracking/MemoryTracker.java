package io.podkit.migrate.memory.tracking;

import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds the pages of a pod that have to be sent: in rounds while it runs, then what is left while
 * it stands still. One thread.
 *
 * <p>Closing leaves nothing of the tracking in the pod's processes.
 */
public interface MemoryTracker extends AutoCloseable {
  /** How it finds them, in a word or two. */
  String name();

  /** Why this one was taken. */
  String reason();

  /**
   * Hands on what was written to since the last round; in the first round everything. The pod
   * stands still for some milliseconds where mappings have to be registered.
   */
  void round(RunSink sink) throws PodkitException;

  /** How many pages were written to since the last round. The pod runs; nothing is handed on. */
  long dirtyPages() throws PodkitException;

  /**
   * The pod stands still: decides which memory we carry, so that CRIU can be told to leave it.
   * Comes before {@link #frozen}.
   */
  void plan(Path plan) throws PodkitException;

  /** Hands on what was written to since the last round. CRIU may be at work at the same time. */
  void frozen(RunSink sink) throws PodkitException;

  /**
   * CRIU is done: hands on what it changed, and says which pages the pod has now, which is more
   * than was found in the last rounds and less than was ever sent.
   */
  MemoryInventory finish(RunSink sink) throws PodkitException;

  /**
   * Reads everything again that {@link #finish} listed, in that order.
   *
   * @return the digest of each process's and each object's pages
   */
  List<Long> digests() throws PodkitException;

  /** What could not be tracked and is carried while the pod stands still; known after the plan. */
  List<Untracked> untracked();

  /**
   * Memory that is not tracked.
   *
   * @param what for people
   * @param bytes how much
   * @param why it is not
   */
  record Untracked(String what, long bytes, String why) {}

  @Override
  void close() throws PodkitException;
}
