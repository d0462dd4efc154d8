package io.podkit.migrate.evacuation;

import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.PodMove;
import io.podkit.migrate.plan.PlanPod;
import io.podkit.migrate.plan.Planner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one evacuation, made again whenever something did not go as planned; remembers what
 * failed where. Used by one thread.
 */
final class EvacuationPlan {
  /** So often a pod is tried at which another command was at work. */
  private static final int MOST_BUSY = 5;

  private final EvacuationSurvey survey;
  private final EvacuationOrder order;
  private final Map<String, PlanPod> described = new HashMap<>();
  private final Map<String, Map<String, String>> failed = new HashMap<>();
  private final Map<String, PodMove> busy = new TreeMap<>();
  private final Map<String, Integer> busyTimes = new HashMap<>();
  private final Map<String, KnownHost> doubtful = new HashMap<>();

  EvacuationPlan(EvacuationSurvey survey, EvacuationOrder order) {
    this.survey = survey;
    this.order = order;
  }

  /** That host is not to be tried again for that pod. */
  void failed(String pod, String host, String why) {
    failed.computeIfAbsent(pod, name -> new HashMap<>()).put(host, why);
  }

  /** Another command is at that pod: it is left out until {@link #idle}. */
  void busy(String pod, String why, String cure) {
    if (busyTimes.merge(pod, 1, Integer::sum) < MOST_BUSY) {
      busy.put(pod, PodMove.left(pod, why, cure, List.of()));
    } else {
      order.targets().forEach(target -> failed(pod, target.name(), why));
    }
  }

  /** Nobody knows whether it is here or there. */
  void inDoubt(String pod, KnownHost target) {
    if (busyTimes.merge(pod, 1, Integer::sum) >= MOST_BUSY) {
      failed(pod, target.name(), "its moves there broke off");
    }
    doubtful.put(pod, target);
    busy.put(
        pod,
        PodMove.left(
            pod,
            "it may belong to " + target.name() + " already",
            "pod recover " + pod,
            List.of()));
  }

  /** Where a pod in doubt may be; null if it is not in doubt. */
  @Nullable KnownHost doubtful(String pod) {
    return doubtful.get(pod);
  }

  /** It can be planned again. */
  void idle(String pod) {
    busy.remove(pod);
    doubtful.remove(pod);
  }

  /** Whether pods are in others' hands. */
  boolean hasBusy() {
    return !busy.isEmpty();
  }

  Set<String> busy() {
    return new TreeSet<>(busy.keySet());
  }

  /**
   * Looks at pods and hosts, and plans.
   *
   * @param underWay pods that are on their way, with their targets
   * @param moved tells pods that have been moved: one that is still listed is only cleared away
   */
  List<PodMove> make(Map<String, String> underWay, Predicate<String> moved) throws PodkitException {
    List<PodMove> rest = new ArrayList<>();
    List<PlanPod> pods = new ArrayList<>();
    Set<String> here = new TreeSet<>();
    for (PodStatus pod : survey.pods(order)) {
      String name = pod.name().value();
      here.add(name);
      PlanPod known = described.get(name);
      if (underWay.containsKey(name)) {
        if (known != null) {
          pods.add(known);
        }
      } else if (pod.state() == PodState.RUNNING && !busy.containsKey(name)) {
        pods.add(describe(pod));
      } else if (!moved.test(name)) {
        rest.add(unplanned(pod));
      }
    }
    for (String name : order.pods()) {
      if (!here.contains(name) && !underWay.containsKey(name) && !moved.test(name)) {
        rest.add(PodMove.left(name, "it is not on this host", "", List.of()));
      }
    }
    List<PodMove> plan =
        new ArrayList<>(
            Planner.plan(pods, survey.targets(order.targets()), order.sequence(), underWay));
    plan.addAll(rest);
    return plan;
  }

  /** A pod that cannot be planned now. */
  private PodMove unplanned(PodStatus pod) {
    String name = pod.name().value();
    PodMove known = busy.get(name);
    if (known != null) {
      return known;
    }
    if (pod.state() == PodState.ARRIVING) { // it will run in a moment, or be gone
      busy(name, "it is just coming from another host", "repeat this when it has come");
      return PodMove.left(name, "it is just coming from another host", "repeat this", List.of());
    }
    if (pod.state().isDeparting()) {
      busy(name, "another migration or checkpoint is at it", "wait, or pod recover " + name);
      return PodMove.left(name, "it is " + pod.state(), "pod recover " + name, List.of());
    }
    return order.purpose() == EvacuationOrder.Purpose.EVACUATE
        ? PodMove.stays(name, "it does not run")
        : PodMove.left(name, "it does not run", "pod start " + name, List.of());
  }

  private PlanPod describe(PodStatus pod) throws PodkitException {
    String name = pod.name().value();
    Map<String, String> tried = failed.getOrDefault(name, Map.of());
    PlanPod known = described.get(name);
    if (known == null) {
      try {
        known = survey.describe(pod, tried);
      } catch (PodkitException e) { // the other pods can go all the same
        return unknown(pod, e, tried);
      } catch (RuntimeException e) { // a bug at one of them is no reason to keep the others here
        return unknown(pod, PodkitException.internal("cannot be looked at: " + e, e), tried);
      }
    }
    PlanPod now =
        known.failed().equals(tried)
            ? known
            : new PlanPod(
                name,
                known.memoryBytes(),
                known.cpus(),
                known.diskBytes(),
                known.labels(),
                known.layers(),
                known.obstacle(),
                known.cure(),
                tried);
    described.put(name, now);
    return now;
  }

  private static PlanPod unknown(PodStatus pod, PodkitException e, Map<String, String> tried) {
    return new PlanPod(
        pod.name().value(),
        0,
        0,
        0,
        pod.spec().labels(),
        Map.of(),
        e.what(),
        e.hint() == null ? "" : e.hint().text(),
        tried);
  }
}
