package io.podkit.migrate.memory.tracking;

import io.podkit.core.api.PodProcesses;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PosixSpawner;
import io.podkit.userfault.UserfaultLender;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which tracker this host has for a pod. A third one belongs here: soft-dirty through CRIU's
 * pre-dump, for kernels older than 6.7 that have it.
 *
 * @param tracker null if there is none: memory can only be copied while the pod stands still
 * @param reason why this one
 */
public record TrackerChoice(@Nullable MemoryTracker tracker, String reason) {

  /**
   * Asks the kernel.
   *
   * @param podInit the static helper
   */
  public static TrackerChoice of(PodProcesses pod, Path podInit) {
    if (!pod.canStop()) {
      return new TrackerChoice(null, "cgroup v2 is missing, whose freezer can stop any process");
    }
    JnrSyscalls syscalls = JnrSyscalls.load();
    try {
      PageQueries queries = PageQueries.forThisKernel(syscalls);
      UserfaultLender lender = new UserfaultLender(syscalls, new PosixSpawner(syscalls), podInit);
      MemoryTracker tracker = new WriteProtectTracker(syscalls, pod, lender, queries);
      return new TrackerChoice(tracker, tracker.reason());
    } catch (ErrnoException e) {
      return new TrackerChoice(
          null, "the kernel has no PAGEMAP_SCAN, which came with Linux 6.7: " + e.getMessage());
    }
  }
}
