package io.podkit.cli.json;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A host of {@code pod host ls}. Members about the host itself are null if it was not asked or did
 * not answer.
 *
 * @param name as in its certificate
 * @param address where its agent is called
 * @param port of its agent
 * @param reachable whether it has answered
 * @param problem why it has not
 * @param cordoned whether it accepts no pods
 * @param pods how many run there
 * @param cpus its processors
 * @param load average over a minute
 * @param memoryBytes all of its memory
 * @param memoryAvailableBytes what can be given out
 * @param diskBytes size of the disk of pods' files
 * @param diskAvailableBytes what is free there
 * @param labels its own
 */
public record HostJson(
    String name,
    String address,
    int port,
    boolean reachable,
    @Nullable String problem,
    @Nullable Boolean cordoned,
    @Nullable Integer pods,
    @Nullable Integer cpus,
    @Nullable Double load,
    @Nullable Long memoryBytes,
    @Nullable Long memoryAvailableBytes,
    @Nullable Long diskBytes,
    @Nullable Long diskAvailableBytes,
    @Nullable Map<String, String> labels) {

  /**
   * Several of them.
   *
   * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
   * @param hosts by name
   */
  public record ListOf(int schemaVersion, List<HostJson> hosts) {
    public static ListOf of(List<HostAnswer> hosts) {
      return new ListOf(Shapes.SCHEMA_VERSION, hosts.stream().map(HostJson::of).toList());
    }
  }

  private static HostJson of(HostAnswer answer) {
    HostStatus status = answer.status();
    PodkitException failure = answer.failure();
    return new HostJson(
        answer.host().name(),
        answer.host().address(),
        answer.host().port(),
        status != null,
        failure == null ? null : failure.what(),
        status == null ? null : status.cordoned(),
        status == null ? null : status.runningPods().size(),
        status == null ? null : status.cpus(),
        status == null ? null : status.load(),
        status == null ? null : status.memoryBytes(),
        status == null ? null : status.memoryAvailableBytes(),
        status == null ? null : status.diskBytes(),
        status == null ? null : status.diskAvailableBytes(),
        status == null ? null : new TreeMap<>(status.labels()));
  }
}
