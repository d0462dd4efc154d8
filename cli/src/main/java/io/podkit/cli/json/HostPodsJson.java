package io.podkit.cli.json;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostPod;
import io.podkit.migrate.api.HostStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code pod ps --all-hosts}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param hosts by name
 */
public record HostPodsJson(int schemaVersion, List<OfHost> hosts) {

  /**
   * The pods of one host.
   *
   * @param name the host's
   * @param reachable whether it has answered
   * @param problem why it has not
   * @param pods empty if it has not
   */
  public record OfHost(
      String name, boolean reachable, @Nullable String problem, List<HostPodJson> pods) {}

  /**
   * What the hosts have said.
   *
   * @param all whether also pods that do not run
   */
  public static HostPodsJson of(List<HostAnswer> answers, boolean all) {
    return new HostPodsJson(
        Shapes.SCHEMA_VERSION, answers.stream().map(answer -> of(answer, all)).toList());
  }

  private static OfHost of(HostAnswer answer, boolean all) {
    HostStatus status = answer.status();
    PodkitException failure = answer.failure();
    List<HostPod> pods = status == null ? List.of() : all ? status.pods() : status.runningPods();
    return new OfHost(
        answer.host().name(),
        status != null,
        failure == null ? null : failure.what(),
        pods.stream().map(HostPodJson::of).toList());
  }
}
