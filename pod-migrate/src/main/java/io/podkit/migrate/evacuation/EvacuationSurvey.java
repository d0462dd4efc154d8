package io.podkit.migrate.evacuation;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.HostFacts;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.RunningPod;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostPod;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.PodLabels;
import io.podkit.migrate.engine.HostCompatibility;
import io.podkit.migrate.plan.PlanHost;
import io.podkit.migrate.plan.PlanPod;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at this host's pods and at the hosts that may take them. Changes nothing. */
final class EvacuationSurvey {
  private final PodRuntime runtime;
  private final Hosts hosts;

  EvacuationSurvey(PodRuntime runtime, Hosts hosts) {
    this.runtime = runtime;
    this.hosts = hosts;
  }

  /** This host's pods that are meant, whatever their state. */
  List<PodStatus> pods(EvacuationOrder order) throws PodkitException {
    return runtime.pods().list().stream()
        .filter(pod -> order.means(pod.name().value(), pod.spec().labels()))
        .toList();
  }

  /** A pod as the planner wants it; looked at as for a migration, so that obstacles are found. */
  PlanPod describe(PodStatus pod, Map<String, String> failed) throws PodkitException {
    Map<String, Long> layers = new HashMap<>();
    for (String digest : pod.layers()) {
      layers.put(digest, runtime.fileSystem().layers().size(LayerDigest.parse(digest)));
    }
    long memory = 0;
    long disk = 0;
    List<HostCheck> blockers = List.of();
    try (RunningPod looked = runtime.departures().look(pod.name(), MigrationId.random().hex())) {
      memory = looked.memoryBytes();
      for (PodTree tree : looked.trees()) {
        if (tree.kind() == PodTree.Kind.UPPER) {
          disk += runtime.fileSystem().trees().measure(tree.directory()).bytes();
        }
      }
      blockers = looked.blockers();
    } catch (PodkitException e) {
      if (e.kind() != ErrorKind.CONFLICT && e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      } // somebody is at work on it, or it has just ended: that is seen when it is to be moved
    }
    return new PlanPod(
        pod.name().value(),
        memory,
        pod.spec().limits().cpus().orElse(0),
        disk,
        pod.spec().labels(),
        layers,
        blockers.stream()
            .map(check -> check.subject() + " " + check.finding())
            .collect(Collectors.joining("; ")),
        blockers.stream()
            .map(check -> Objects.requireNonNullElse(check.cure(), ""))
            .filter(cure -> !cure.isEmpty())
            .distinct()
            .collect(Collectors.joining("; ")),
        failed);
  }

  /** The hosts as the planner wants them, asked all at once. */
  List<PlanHost> targets(List<KnownHost> targets) throws PodkitException {
    HostFacts here = runtime.host().facts();
    List<PlanHost> described = new ArrayList<>();
    for (HostAnswer answer : hosts.statuses(targets)) {
      described.add(describe(here, answer));
    }
    return described;
  }

  private static PlanHost describe(HostFacts here, HostAnswer answer) {
    String name = answer.host().name();
    HostStatus status = answer.status();
    if (status == null) {
      PodkitException failure = Objects.requireNonNull(answer.failure());
      return PlanHost.objecting(
          name,
          "cannot be asked: " + failure.what(),
          failure.hint() == null ? "" : failure.hint().text());
    }
    Set<String> groups = new HashSet<>();
    Set<String> names = new HashSet<>();
    double promised = 0;
    for (HostPod pod : status.pods()) {
      names.add(pod.name());
      if (pod.running()) {
        promised += pod.cpus();
        String group = pod.labels().get(PodLabels.ANTI_AFFINITY);
        if (group != null) {
          groups.add(group);
        }
      }
    }
    List<Problem> problems = HostCompatibility.problems(here, facts(status));
    String objection =
        status.cordoned()
            ? "is cordoned"
            : problems.stream().map(Problem::cause).collect(Collectors.joining("; "));
    String cure =
        status.cordoned()
            ? "pod host uncordon " + name
            : problems.stream().map(Problem::cure).distinct().collect(Collectors.joining("; "));
    return new PlanHost(
        name,
        status.memoryBytes(),
        status.memoryAvailableBytes(),
        status.cpus(),
        status.cpus() - promised,
        status.diskBytes(),
        status.diskAvailableBytes(),
        status.labels(),
        Set.copyOf(status.layers()),
        groups,
        names,
        objection,
        cure);
  }

  private static HostFacts facts(HostStatus status) {
    return new HostFacts(
        status.name(),
        status.kernel(),
        status.architecture(),
        status.criuVersion(),
        status.cpuFeatures(),
        status.memoryAvailableBytes(),
        status.diskAvailableBytes());
  }
}
