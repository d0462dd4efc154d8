package io.podkit.cli.json;

import io.podkit.migrate.api.AwayPod;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.KnownHost;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of {@code pod host inspect}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param name as in its certificate
 * @param address where its agent is called
 * @param port of its agent
 * @param cordoned whether it accepts no pods
 * @param labels its own
 * @param kernel release
 * @param architecture of its processors
 * @param criuVersion version of its CRIU
 * @param cpuFeatures flags of its processors, sorted
 * @param cpus its processors
 * @param load average over a minute
 * @param memoryBytes all of its memory
 * @param memoryAvailableBytes what can be given out
 * @param diskBytes size of the disk of pods' files
 * @param diskAvailableBytes what is free there
 * @param layers digests of the layers it has
 * @param pods all of its pods
 * @param away pods that evacuations have moved from it
 */
public record HostDetailJson(
    int schemaVersion,
    String name,
    String address,
    int port,
    boolean cordoned,
    Map<String, String> labels,
    String kernel,
    String architecture,
    String criuVersion,
    List<String> cpuFeatures,
    int cpus,
    double load,
    long memoryBytes,
    long memoryAvailableBytes,
    long diskBytes,
    long diskAvailableBytes,
    List<String> layers,
    List<HostPodJson> pods,
    List<AwayJson> away) {

  /**
   * A pod that can be brought back.
   *
   * @param pod its name
   * @param host where it was taken
   */
  public record AwayJson(String pod, String host) {
    private static AwayJson of(AwayPod away) {
      return new AwayJson(away.pod(), away.host().name());
    }
  }

  public static HostDetailJson of(KnownHost host, HostStatus status) {
    return new HostDetailJson(
        Shapes.SCHEMA_VERSION,
        host.name(),
        host.address(),
        host.port(),
        status.cordoned(),
        new TreeMap<>(status.labels()),
        status.kernel(),
        status.architecture(),
        status.criuVersion(),
        status.cpuFeatures().stream().sorted().toList(),
        status.cpus(),
        status.load(),
        status.memoryBytes(),
        status.memoryAvailableBytes(),
        status.diskBytes(),
        status.diskAvailableBytes(),
        status.layers(),
        status.pods().stream().map(HostPodJson::of).toList(),
        status.away().stream().map(AwayJson::of).toList());
  }
}
