package io.podkit.migrate.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a host tells of itself.
 *
 * @param name as in its certificate
 * @param kernel release of its kernel
 * @param architecture machine architecture
 * @param criuVersion version of its CRIU
 * @param cpuFeatures flags of its processors
 * @param cpus processors that run
 * @param load processes that ran or waited to run, on average over the last minute
 * @param memoryBytes all of its memory
 * @param memoryAvailableBytes memory that can be given out without swapping
 * @param diskBytes size of the filesystem where pods' files lie
 * @param diskAvailableBytes free space there
 * @param layers digests of layers in its own store; the first {@link #MAX_LAYERS} of them
 * @param labels what its operator said of it, such as {@link PodLabels#CHASSIS}
 * @param cordoned whether it accepts no pods
 * @param pods those that are there, running or not; the first {@link #MAX_PODS} of them
 * @param away pods that an evacuation has moved from there and that have not come back
 */
public record HostStatus(
    String name,
    String kernel,
    String architecture,
    String criuVersion,
    Set<String> cpuFeatures,
    int cpus,
    double load,
    long memoryBytes,
    long memoryAvailableBytes,
    long diskBytes,
    long diskAvailableBytes,
    List<String> layers,
    Map<String, String> labels,
    boolean cordoned,
    List<HostPod> pods,
    List<AwayPod> away) {
  /** More are not told: one message has to hold all. */
  public static final int MAX_LAYERS = 4096;

  /** More are not told: one message has to hold all. */
  public static final int MAX_PODS = 1024;

  public HostStatus {
    cpuFeatures = Set.copyOf(cpuFeatures);
    layers = List.copyOf(layers);
    labels = Map.copyOf(labels);
    pods = List.copyOf(pods);
    away = List.copyOf(away);
  }

  /** The same with every text for people passed through {@code clean}; names stay names. */
  public HostStatus cleaned(UnaryOperator<String> clean) {
    return new HostStatus(
        clean.apply(name),
        clean.apply(kernel),
        clean.apply(architecture),
        clean.apply(criuVersion),
        cpuFeatures,
        cpus,
        load,
        memoryBytes,
        memoryAvailableBytes,
        diskBytes,
        diskAvailableBytes,
        layers,
        cleaned(labels, clean),
        cordoned,
        pods.stream().map(pod -> cleaned(pod, clean)).toList(),
        away.stream().map(pod -> new AwayPod(clean.apply(pod.pod()), pod.host())).toList());
  }

  private static HostPod cleaned(HostPod pod, UnaryOperator<String> clean) {
    return new HostPod(
        clean.apply(pod.name()),
        clean.apply(pod.id()),
        clean.apply(pod.state()),
        pod.running(),
        clean.apply(pod.source()),
        clean.apply(pod.address()),
        pod.memoryBytes(),
        pod.cpus(),
        cleaned(pod.labels(), clean));
  }

  private static Map<String, String> cleaned(
      Map<String, String> labels, UnaryOperator<String> clean) {
    Map<String, String> result = new TreeMap<>();
    labels.forEach((key, value) -> result.put(clean.apply(key), clean.apply(value)));
    return result;
  }

  /** Pods that run there. */
  public List<HostPod> runningPods() {
    return pods.stream().filter(HostPod::running).toList();
  }
}
