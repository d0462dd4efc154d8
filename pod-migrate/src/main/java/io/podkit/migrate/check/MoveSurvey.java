package io.podkit.migrate.check;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.RunningPod;
import io.podkit.error.PodkitException;
import io.podkit.linux.JnrSyscalls;
import io.podkit.migrate.api.Blocker;
import io.podkit.migrate.api.CheckRequest;
import io.podkit.migrate.engine.SourcePreflight;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.migrate.transport.AgentClient;
import io.podkit.migrate.transport.ControlChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a migration's own preflight finds on both hosts, and what CRIU would refuse. */
public final class MoveSurvey implements BlockerSurvey {
  private static final Path PROC = Path.of("/proc");

  private final PodRuntime runtime;
  private final @Nullable AgentClient client;

  /**
   * @param client reaches the target; null if there is none
   */
  public MoveSurvey(PodRuntime runtime, @Nullable AgentClient client) {
    this.runtime = runtime;
    this.client = client;
  }

  @Override
  public Found of(CheckRequest request) throws PodkitException {
    MigrationId id = MigrationId.random();
    try (RunningPod pod = runtime.departures().look(request.pod(), id.hex())) {
      ProcessSurvey processes = new ProcessSurvey(PROC, JnrSyscalls.load());
      List<Blocker> found = new ArrayList<>(processes.of(pod.processes().list()));
      if (request.host() == null || client == null) {
        List<HostCheck> checks = new ArrayList<>(pod.blockers());
        pod.volumes(checks);
        checks.forEach(check -> found.add(blocker(check.subject(), check.finding(), check.cure())));
        return new Found(found, List.of());
      }
      AgentAddress agent = new AgentAddress(request.host(), request.port(), null);
      try (ControlChannel control = client.connect(agent)) {
        SourcePreflight.Result result =
            new SourcePreflight(runtime, control).ask(pod, id, request.replaceVolumes());
        result
            .problems()
            .forEach(
                problem -> found.add(blocker(problem.subject(), problem.cause(), problem.cure())));
        return new Found(found, result.volumes());
      }
    }
  }

  private static Blocker blocker(String subject, String reason, @Nullable String cure) {
    boolean none = cure == null || cure.isBlank();
    return new Blocker(subject, OptionalLong.empty(), null, reason, none ? null : cure);
  }
}
