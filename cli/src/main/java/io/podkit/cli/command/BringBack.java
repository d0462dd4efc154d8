package io.podkit.cli.command;

import io.podkit.cli.console.FailureReport;
import io.podkit.cli.context.Context;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.AwayPod;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationOrder.Purpose;
import io.podkit.migrate.api.EvacuationOrder.Sequence;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.Evacuations;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.HostPod;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.PodMove;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Has the pods that are away from a host moved back, by each of the hosts that have them. */
final class BringBack {
  private final Context context;
  private final Hosts hosts;

  /**
   * What came of it.
   *
   * @param ended one for each host that had pods
   * @param forgotten pods that are nowhere any more
   * @param elsewhere pods that somebody has moved on, each with its host
   * @param failed whether a host could not be asked
   */
  record Result(
      List<EvacuationStatus> ended,
      List<String> forgotten,
      Map<String, String> elsewhere,
      boolean failed) {
    boolean allBack() {
      return elsewhere.isEmpty()
          && ended.stream().allMatch(status -> status.state() == EvacuationStatus.State.DONE);
    }
  }

  BringBack(Context context, Hosts hosts) {
    this.context = context;
    this.hosts = hosts;
  }

  Result run(KnownHost home, HostStatus status) throws PodkitException, InterruptedException {
    Evacuations evacuations = context.migrations().evacuations();
    Map<String, List<String>> away = new TreeMap<>();
    Map<String, KnownHost> places = new TreeMap<>();
    for (AwayPod pod : status.away()) {
      away.computeIfAbsent(pod.host().name(), name -> new ArrayList<>()).add(pod.pod());
      places.put(pod.host().name(), pod.host());
    }
    List<String> forgotten = new ArrayList<>();
    List<KnownHost> under = new ArrayList<>();
    boolean failed = false;
    for (KnownHost place : places.values()) {
      try {
        List<String> pods = away.getOrDefault(place.name(), List.of());
        List<String> there = stillThere(place, pods);
        pods.stream().filter(pod -> !there.contains(pod)).forEach(forgotten::add);
        if (!there.isEmpty()) {
          evacuations.order(place, order(home, there));
          under.add(place);
        }
      } catch (PodkitException e) {
        failed = true;
        new FailureReport(context.err(), false).write(e);
      }
    }
    List<EvacuationStatus> ended = new ArrayList<>();
    List<String> over = new ArrayList<>(forgotten);
    for (KnownHost place : under) { // they are under way all at once; they are watched in turn
      EvacuationStatus end = new EvacuationWatch(context, evacuations).follow(place).status();
      ended.add(end);
      end.pods().stream()
          .filter(pod -> pod.step() == PodMove.Step.MOVED)
          .forEach(pod -> over.add(pod.pod()));
    }
    if (!over.isEmpty()) { // else another pod of that name would be fetched one day
      hosts.mark(home, HostMarks.forget(over));
    }
    Map<String, String> elsewhere = found(forgotten, home);
    forgotten.removeAll(elsewhere.keySet());
    return new Result(ended, forgotten, elsewhere, failed);
  }

  /** Which of these pods other hosts of the inventory have, as far as they can be asked. */
  private Map<String, String> found(List<String> pods, KnownHost home) throws PodkitException {
    Map<String, String> found = new TreeMap<>();
    if (pods.isEmpty()) {
      return found;
    }
    for (HostAnswer answer : hosts.statuses(hosts.list())) {
      if (answer.status() != null && !answer.host().equals(home)) {
        answer.status().pods().stream()
            .map(HostPod::name)
            .filter(pods::contains)
            .forEach(pod -> found.put(pod, answer.host().name()));
      }
    }
    return found;
  }

  private List<String> stillThere(KnownHost place, List<String> pods) throws PodkitException {
    Set<String> there =
        hosts.status(place).pods().stream().map(HostPod::name).collect(Collectors.toSet());
    return pods.stream().filter(there::contains).toList();
  }

  private static EvacuationOrder order(KnownHost home, List<String> pods) {
    return new EvacuationOrder(
        Purpose.BRING_BACK,
        List.of(home),
        pods,
        Map.of(),
        0,
        Duration.ZERO,
        Sequence.URGENT,
        false);
  }
}
