package io.podkit.core.lifecycle;

import io.podkit.core.api.PodStats;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.store.PodRecord;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Measures what a running pod uses. */
final class StatsSampler {
  private StatsSampler() {}

  static PodStats sample(PodRecord record, long initPid, PodCgroup cgroup, Duration interval)
      throws PodkitException, InterruptedException {
    long start = System.nanoTime();
    Duration before = cgroup.cpuTime();
    Thread.sleep(interval.toMillis());
    Duration now = cgroup.cpuTime();
    double wall = System.nanoTime() - start;
    long[] traffic = traffic(initPid);
    return new PodStats(
        record.name(),
        now,
        100.0 * now.minus(before).toNanos() / wall,
        cgroup.memoryBytes(),
        cgroup.memoryLimit(),
        cgroup.pids(),
        cgroup.pidsLimit(),
        traffic[0],
        traffic[1]);
  }

  private static long[] traffic(long initPid) throws PodkitException {
    Path file = Path.of("/proc", Long.toString(initPid), "net/dev");
    try {
      return parseTraffic(Files.readAllLines(file));
    } catch (IOException e) {
      throw PodkitException.io("cannot read the pod's traffic", e);
    }
  }

  /** Bytes received and sent on {@code eth0}, zeros without one; columns as in proc_pid_net(5). */
  static long[] parseTraffic(List<String> lines) {
    for (String line : lines) {
      String trimmed = line.trim();
      if (trimmed.startsWith("eth0:")) {
        String[] columns = trimmed.substring("eth0:".length()).trim().split("\\s+", -1);
        return new long[] {Long.parseLong(columns[0]), Long.parseLong(columns[8])};
      }
    }
    return new long[] {0, 0};
  }
}
