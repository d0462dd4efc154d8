package io.podkit.migrate.plan;

import io.podkit.migrate.api.PodLabels;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a host has left while pods are placed on it. Not thread-safe. */
final class Room {
  /**
   * What the target's preflight wants beyond the pod itself: images, CRIU, the host's own needs.
   */
  static final long MARGIN = 64L << 20;

  private static final long MIB = 1L << 20;

  private final PlanHost host;
  private final Set<String> layers;
  private final Set<String> groups;
  private final Set<String> names;
  private long memoryFree;
  private double cpusFree;
  private long diskFree;
  private int placed;

  Room(PlanHost host) {
    this.host = host;
    layers = new HashSet<>(host.layers());
    groups = new HashSet<>(host.groups());
    names = new HashSet<>(host.pods());
    memoryFree = host.memoryFree();
    cpusFree = host.cpusFree();
    diskFree = host.diskFree();
  }

  PlanHost host() {
    return host;
  }

  /** Pods that this plan puts here. */
  int placed() {
    return placed;
  }

  /** Hosts with the same value fail together; one that says nothing fails alone. */
  String chassis() {
    return host.labels().getOrDefault(PodLabels.CHASSIS, "host " + host.name());
  }

  /** Why the pod cannot come here, or null if it can. */
  @Nullable String objection(PlanPod pod) {
    if (!host.objection().isEmpty()) {
      return host.objection();
    }
    String failed = pod.failed().get(host.name());
    if (failed != null) {
      return "was tried: " + failed;
    }
    if (names.contains(pod.name())) {
      return "a pod of that name is there";
    }
    String label = missingLabel(pod);
    if (label != null) {
      return "lacks the label " + label;
    }
    String group = pod.labels().get(PodLabels.ANTI_AFFINITY);
    if (group != null && groups.contains(group)) {
      return "another pod of anti-affinity group " + group + " is there";
    }
    // As the target's own preflight: images and pages are in memory at the same time for a moment.
    long memory = 2 * pod.memoryBytes() + MARGIN;
    if (memory > memoryFree) {
      return tooLittle("memory", memory, memoryFree);
    }
    if (pod.cpus() > 0 && pod.cpus() > cpusFree) {
      return "has %.2f processors that are promised to nobody, %.2f are wanted"
          .formatted(Math.max(0, cpusFree), pod.cpus());
    }
    long disk = pod.diskBytes() + missingBytes(pod) + MARGIN;
    return disk > diskFree ? tooLittle("disk", disk, diskFree) : null;
  }

  private @Nullable String missingLabel(PlanPod pod) {
    return pod.labels().entrySet().stream()
        .filter(label -> label.getKey().startsWith(PodLabels.REQUIRE))
        .map(label -> Map.entry(label.getKey().substring(PodLabels.REQUIRE.length()), label))
        .filter(wanted -> !wanted.getValue().getValue().equals(host.labels().get(wanted.getKey())))
        .map(wanted -> wanted.getKey() + "=" + wanted.getValue().getValue())
        .min(String::compareTo)
        .orElse(null);
  }

  private static String tooLittle(String what, long wanted, long free) {
    return "has %d MiB of %s free, %d MiB are wanted"
        .formatted(Math.max(0, free) / MIB, what, (wanted + MIB - 1) / MIB);
  }

  /** Bytes of layers that would have to be sent. */
  long missingBytes(PlanPod pod) {
    return pod.layers().entrySet().stream()
        .filter(layer -> !layers.contains(layer.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** How full it is once the pod is here, by what is scarcest, in thousandths. */
  long fullness(PlanPod pod) {
    long memory = share(host.memoryBytes() - memoryFree + pod.memoryBytes(), host.memoryBytes());
    long disk =
        share(host.diskBytes() - diskFree + pod.diskBytes() + missingBytes(pod), host.diskBytes());
    long cpu = share(Math.round((host.cpus() - cpusFree + pod.cpus()) * 1000), host.cpus() * 1000L);
    return Math.max(memory, Math.max(disk, cpu));
  }

  private static long share(long used, long all) {
    return all <= 0 ? 1000 : Math.max(0, Math.min(1000, (long) (1000.0 * used / all)));
  }

  /** Takes the pod in; whether it fits is the caller's business. */
  void take(PlanPod pod) {
    memoryFree -= pod.memoryBytes();
    cpusFree -= pod.cpus();
    diskFree -= pod.diskBytes() + missingBytes(pod);
    layers.addAll(pod.layers().keySet());
    names.add(pod.name());
    String group = pod.labels().get(PodLabels.ANTI_AFFINITY);
    if (group != null) {
      groups.add(group);
    }
    placed++;
  }

  /** Why it was chosen, with numbers; asked before {@link #take}. */
  String reason(PlanPod pod, int onChassis) {
    long missing = missingBytes(pod);
    String text =
        missing == 0
            ? "has all of its layers"
            : "%d MiB of layers to send".formatted((missing + MIB - 1) / MIB);
    text += "; %d MiB of memory stay free".formatted((memoryFree - pod.memoryBytes()) / MIB);
    return host.labels().containsKey(PodLabels.CHASSIS)
        ? text + "; number %d on chassis %s".formatted(onChassis + 1, chassis())
        : text + "; number %d there".formatted(placed + 1);
  }
}
