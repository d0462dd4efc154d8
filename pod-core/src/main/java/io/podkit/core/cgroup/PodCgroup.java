package io.podkit.core.cgroup;

import static io.podkit.core.cgroup.CgroupFiles.read;
import static io.podkit.core.cgroup.CgroupFiles.readLimit;
import static io.podkit.core.cgroup.CgroupFiles.readLong;
import static io.podkit.core.cgroup.CgroupFiles.write;

import io.podkit.core.api.ResourceLimits;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The control group of one pod, in every hierarchy this host has. Two processes may hold one at the
 * same time: the state is the kernel's. Thread-safe.
 */
public final class PodCgroup {
  private static final long CPU_PERIOD_MICROS = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(2);

  private final CgroupLayout layout;
  private final String relative;

  /**
   * @param relative path below each hierarchy's root, such as {@code podkit/1a2b3c4d/web}
   */
  public PodCgroup(CgroupLayout layout, String relative) {
    this.layout = layout;
    this.relative = relative;
  }

  /** Makes the groups and sets the limits. A group left over from an earlier run is used again. */
  public void create(ResourceLimits limits) throws PodkitException {
    requireFor(limits);
    try {
      for (Path hierarchy : layout.hierarchies()) {
        Files.createDirectories(hierarchy.resolve(relative));
      }
      if (layout.unified() != null) {
        delegate(layout.unified());
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot make the control group " + relative, e);
    }
    limit(limits);
  }

  private void requireFor(ResourceLimits limits) throws PodkitException {
    require(limits.memoryBytes().isPresent(), "memory");
    require(limits.cpus().isPresent(), "cpu");
    require(limits.pids().isPresent(), "pids");
  }

  private void require(boolean wanted, String controller) throws PodkitException {
    if (wanted && layout.hierarchyOf(controller) == null) {
      throw PodkitException.unsupported(
          "this host cannot limit " + controller + ": no cgroup hierarchy offers that controller",
          new Hint("boot with the controller enabled, or run the pod without that limit"));
    }
  }

  /** v2 offers a controller in a group only if every group above passes it on. */
  private void delegate(Path unified) throws PodkitException {
    List<String> wanted = new ArrayList<>();
    for (String controller : List.of("memory", "cpu", "pids")) {
      if (layout.unifiedControllers().contains(controller) && layout.isUnified(controller)) {
        wanted.add("+" + controller);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    Path leaf = unified.resolve(relative);
    for (Path group = unified;
        !group.equals(leaf);
        group = group.resolve(group.relativize(leaf).getName(0))) {
      write(group.resolve("cgroup.subtree_control"), String.join(" ", wanted));
    }
  }

  /** Sets the limits; the groups are there. */
  public void limit(ResourceLimits limits) throws PodkitException {
    Path memory = group("memory");
    if (memory != null) {
      String file = layout.isUnified("memory") ? "memory.max" : "memory.limit_in_bytes";
      String none = layout.isUnified("memory") ? "max" : "-1";
      write(memory.resolve(file), text(limits.memoryBytes(), none));
    }
    limitPids(limits.pids());
    limitCpus(limits.cpus());
  }

  /**
   * Lifts what would slow CRIU down or stop it while it works among the pod's processes: a pod of
   * half a processor would stand still twice as long. {@link #limit} ends this.
   */
  public void lift() throws PodkitException {
    limitPids(OptionalLong.empty());
    limitCpus(OptionalDouble.empty());
  }

  /**
   * Allows the pod so many processors, or all.
   *
   * @throws PodkitException UNSUPPORTED if there is a number and no controller to keep it
   */
  void quota(OptionalDouble cpus) throws PodkitException {
    require(cpus.isPresent(), "cpu");
    limitCpus(cpus);
  }

  private void limitPids(OptionalLong limit) throws PodkitException {
    Path pids = group("pids");
    if (pids != null) {
      write(pids.resolve("pids.max"), text(limit, "max"));
    }
  }

  private void limitCpus(OptionalDouble limit) throws PodkitException {
    Path cpu = group("cpu");
    if (cpu != null) {
      boolean limited = limit.isPresent();
      long quota = limited ? Math.round(limit.getAsDouble() * CPU_PERIOD_MICROS) : -1;
      if (layout.isUnified("cpu")) {
        write(
            cpu.resolve("cpu.max"),
            (limited ? Long.toString(quota) : "max") + " " + CPU_PERIOD_MICROS);
      } else {
        write(cpu.resolve("cpu.cfs_period_us"), Long.toString(CPU_PERIOD_MICROS));
        write(cpu.resolve("cpu.cfs_quota_us"), Long.toString(quota));
      }
    }
  }

  /**
   * The processor limit in force, whoever has set it: microseconds, or "max", and of how many. Null
   * where processors cannot be limited.
   */
  public @Nullable String cpuQuota() throws PodkitException {
    Path cpu = group("cpu");
    if (cpu == null) {
      return null;
    }
    if (layout.isUnified("cpu")) {
      return read(cpu.resolve("cpu.max"));
    }
    String quota = read(cpu.resolve("cpu.cfs_quota_us"));
    return (quota.equals("-1") ? "max" : quota) + " " + read(cpu.resolve("cpu.cfs_period_us"));
  }

  /** Sets what {@link #cpuQuota} has said. */
  public void setCpuQuota(String quota) throws PodkitException {
    Path cpu = group("cpu");
    if (cpu == null) {
      return;
    }
    if (layout.isUnified("cpu")) {
      write(cpu.resolve("cpu.max"), quota);
      return;
    }
    String[] parts = quota.split(" ", 2);
    // First none: a period that does not go with the quota that is there is refused.
    write(cpu.resolve("cpu.cfs_quota_us"), "-1");
    write(cpu.resolve("cpu.cfs_period_us"), parts[1]);
    write(cpu.resolve("cpu.cfs_quota_us"), parts[0].equals("max") ? "-1" : parts[0]);
  }

  private static String text(OptionalLong value, String none) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : none;
  }

  private @Nullable Path group(String controller) {
    Path hierarchy = layout.hierarchyOf(controller);
    return hierarchy == null ? null : hierarchy.resolve(relative);
  }

  /** Every group a process must join to be in the pod. */
  public List<Path> directories() {
    return layout.hierarchies().stream().map(hierarchy -> hierarchy.resolve(relative)).toList();
  }

  /**
   * The group through which CRIU may freeze: v2 only, see {@link CgroupLayout#hierarchies}; null
   * without v2.
   */
  public @Nullable Path freezerForCriu() {
    return layout.unified() == null ? null : layout.unified().resolve(relative);
  }

  /**
   * Stops every process of the pod until {@link #thaw}, whoever dies meanwhile; returns when all
   * stand still.
   */
  public void freeze() throws PodkitException {
    Path v2 = freezerForCriu();
    if (v2 != null) {
      write(v2.resolve("cgroup.freeze"), "1");
      await("stop", () -> read(v2.resolve("cgroup.events")).contains("frozen 1"));
    } else {
      Path v1 = legacyFreezer();
      write(v1.resolve("freezer.state"), "FROZEN");
      await("stop", () -> read(v1.resolve("freezer.state")).equals("FROZEN"));
    }
  }

  /** Lets the processes run on; no error if they run already. */
  public void thaw() throws PodkitException {
    Path v2 = freezerForCriu();
    if (v2 != null) {
      write(v2.resolve("cgroup.freeze"), "0");
    } else {
      write(legacyFreezer().resolve("freezer.state"), "THAWED");
    }
  }

  /** Whether somebody has stopped its processes. */
  public boolean isFrozen() throws PodkitException {
    for (Path freezer : freezers()) {
      Path v2 = freezer.resolve("cgroup.freeze");
      boolean frozen =
          Files.exists(v2)
              ? read(v2).equals("1")
              : !read(freezer.resolve("freezer.state")).equals("THAWED");
      if (frozen) {
        return true;
      }
    }
    return false;
  }

  private List<Path> freezers() {
    List<Path> freezers = new ArrayList<>();
    if (layout.unified() != null) {
      freezers.add(layout.unified().resolve(relative));
    }
    Path legacy = layout.legacy().get("freezer");
    if (legacy != null && Files.isDirectory(legacy.resolve(relative))) {
      freezers.add(legacy.resolve(relative));
    }
    return freezers;
  }

  private Path legacyFreezer() throws PodkitException {
    Path freezer = layout.legacy().get("freezer");
    if (freezer == null) {
      throw PodkitException.unsupported(
          "this host has no freezer", new Hint("mount cgroup v2, or the v1 freezer controller"));
    }
    return freezer.resolve(relative);
  }

  /** Kills every process of the pod, frozen ones too, and returns when none is left. */
  public void kill() throws PodkitException {
    Path any = directories().get(0);
    if (!Files.exists(any)) {
      return;
    }
    await(
        "die",
        () -> {
          List<Long> left = processes();
          Path killFile = any.resolve("cgroup.kill");
          if (!left.isEmpty() && Files.exists(killFile)) {
            write(killFile, "1");
          } else {
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
          }
          if (!left.isEmpty()) {
            thaw(); // the v1 freezer lets a killed task die only when thawed
          }
          return left.isEmpty();
        });
  }

  /** Host pids of the pod's processes. */
  public List<Long> processes() throws PodkitException {
    Path file = directories().get(0).resolve("cgroup.procs");
    try {
      List<Long> pids = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        pids.add(Long.parseLong(line.trim()));
      }
      return pids;
    } catch (java.nio.file.NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw PodkitException.io("cannot read " + file, e);
    }
  }

  /** Removes the groups; no process may be left in them. */
  public void remove() throws PodkitException {
    for (Path directory : directories()) {
      await("leave " + directory, () -> removed(directory));
    }
  }

  private static boolean removed(Path directory) throws PodkitException {
    try {
      Files.deleteIfExists(directory);
      return true;
    } catch (DirectoryNotEmptyException e) {
      throw PodkitException.conflict("the control group " + directory + " has groups of its own");
    } catch (FileSystemException e) {
      return false; // EBUSY: a killed task is not reaped yet
    } catch (IOException e) {
      throw PodkitException.io("cannot remove the control group " + directory, e);
    }
  }

  /** Memory charged to the pod now, in bytes; 0 where it is not accounted. */
  public long memoryBytes() throws PodkitException {
    Path group = group("memory");
    return group == null
        ? 0
        : readLong(
            group.resolve(layout.isUnified("memory") ? "memory.current" : "memory.usage_in_bytes"));
  }

  /** The memory limit in force. */
  public OptionalLong memoryLimit() throws PodkitException {
    Path group = group("memory");
    return group == null
        ? OptionalLong.empty()
        : readLimit(
            group.resolve(layout.isUnified("memory") ? "memory.max" : "memory.limit_in_bytes"));
  }

  /** Processor time used so far. */
  public Duration cpuTime() throws PodkitException {
    Path legacy = layout.legacy().get("cpuacct");
    if (legacy != null) {
      return Duration.ofNanos(readLong(legacy.resolve(relative).resolve("cpuacct.usage")));
    }
    if (layout.unified() == null) {
      return Duration.ZERO;
    }
    for (String line :
        read(layout.unified().resolve(relative).resolve("cpu.stat")).split("\n", -1)) {
      if (line.startsWith("usage_usec ")) {
        return Duration.ofNanos(
            Long.parseLong(line.substring("usage_usec ".length()).trim()) * 1000);
      }
    }
    return Duration.ZERO;
  }

  /** Processes and threads now. */
  public long pids() throws PodkitException {
    Path group = group("pids");
    return group == null ? processes().size() : readLong(group.resolve("pids.current"));
  }

  /** The pids limit in force. */
  public OptionalLong pidsLimit() throws PodkitException {
    Path group = group("pids");
    return group == null ? OptionalLong.empty() : readLimit(group.resolve("pids.max"));
  }

  private interface Condition {
    boolean holds() throws PodkitException;
  }

  private void await(String what, Condition condition) throws PodkitException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline >= 0) {
        throw PodkitException.timeout(
            "the processes of control group "
                + relative
                + " did not "
                + what
                + " within "
                + PATIENCE.toSeconds()
                + " s");
      }
      pause();
    }
  }

  /** An interrupt is kept for the caller: a freeze or kill that is half done helps nobody. */
  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.onSpinWait();
      Thread.currentThread().interrupt();
    }
  }
}
