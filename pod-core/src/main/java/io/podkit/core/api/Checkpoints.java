package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A pod's processes written to disk and brought back. */
public interface Checkpoints {
  /**
   * Writes the pod's processes, its own files and its record.
   *
   * @param leaveRunning whether the pod goes on after it was written; otherwise it becomes
   *     CHECKPOINTED
   * @param file where to write a portable archive, or null to keep it in the pod's own directory
   */
  CheckpointReport checkpoint(PodName name, boolean leaveRunning, @Nullable Path file)
      throws PodkitException;

  /**
   * Brings back a pod in state CHECKPOINTED, or one that was checkpointed with {@code leaveRunning}
   * and has ended.
   */
  PodStatus restore(PodName name) throws PodkitException;

  /**
   * Brings back a pod from an archive; its layers must be on this host.
   *
   * @param as the name it gets, or null for its own
   */
  PodStatus restoreFrom(Path file, @Nullable PodName as) throws PodkitException;
}
