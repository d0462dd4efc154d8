package io.podkit.migrate.plan;

import io.podkit.migrate.api.EvacuationOrder.Sequence;
import io.podkit.migrate.api.PodLabels;
import io.podkit.migrate.api.PodMove;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides where each pod goes: one after the other, each to the host where it costs least. The same
 * input has the same plan, whatever its order.
 *
 * <p>What costs, in thousandths: how full the host becomes, by what is scarcest of memory, disk and
 * processors; how many pods of this plan its chassis has, and, half as much, it has itself; and, at
 * most half as much, layers to be sent. What is not allowed at all is in {@link Room#objection}.
 */
public final class Planner {
  /** More reasons than anybody reads, and fewer than would fill a message. */
  private static final int MOST_REJECTED = 16;

  /** Of layers to be sent: so many cost half of the most that layers can cost. */
  private static final long MANY_LAYERS = 256L << 20;

  private static final long MOST_FOR_LAYERS = 500;
  private static final long MOST_FOR_CHASSIS = 1000;
  private static final long MOST_FOR_HOST = 500;

  private final Map<String, Room> rooms = new TreeMap<>();
  private final int pods;

  private Planner(Collection<PlanHost> hosts, int pods) {
    hosts.forEach(host -> rooms.put(host.name(), new Room(host)));
    this.pods = Math.max(1, pods);
  }

  /**
   * Plans.
   *
   * @param pods those that have to go
   * @param hosts those that may take them
   * @param sequence which pod is placed, and goes, first
   * @param underWay pods of {@code pods} that are on their way already, each with its host: they
   *     take their room, and no plan is made for them
   * @return for each other pod where it goes or why it does not, the first to go first
   */
  public static List<PodMove> plan(
      Collection<PlanPod> pods,
      Collection<PlanHost> hosts,
      Sequence sequence,
      Map<String, String> underWay) {
    Planner planner = new Planner(hosts, pods.size());
    List<PlanPod> waiting = new ArrayList<>();
    for (PlanPod pod : pods) {
      String target = underWay.get(pod.name());
      if (target == null) {
        waiting.add(pod);
      } else if (planner.rooms.containsKey(target)) {
        planner.room(target).take(pod);
      }
    }
    waiting.sort(order(sequence));
    return waiting.stream().map(planner::place).toList();
  }

  private Room room(String host) {
    Room room = rooms.get(host);
    if (room == null) {
      throw new IllegalArgumentException("no host " + host);
    }
    return room;
  }

  private static Comparator<PlanPod> order(Sequence sequence) {
    Comparator<PlanPod> byName = Comparator.comparing(PlanPod::name);
    Comparator<PlanPod> bySize = Comparator.comparingLong(PlanPod::memoryBytes);
    return switch (sequence) {
      case URGENT ->
          Comparator.<PlanPod>comparingInt(pod -> PodLabels.priority(pod.labels()))
              .reversed()
              .thenComparing(bySize.reversed())
              .thenComparing(byName);
      case SMALLEST -> bySize.thenComparing(byName);
      case LARGEST -> bySize.reversed().thenComparing(byName);
      case NAME -> byName;
    };
  }

  private PodMove place(PlanPod pod) {
    if (!pod.obstacle().isEmpty()) {
      return PodMove.left(pod.name(), pod.obstacle(), pod.cure(), List.of());
    }
    List<String> rejected = new ArrayList<>();
    Room best = null;
    long least = Long.MAX_VALUE;
    for (Room room : rooms.values()) {
      @Nullable String objection = room.objection(pod);
      if (objection != null) {
        if (rejected.size() < MOST_REJECTED) {
          rejected.add(room.host().name() + ": " + objection);
        }
        continue;
      }
      long cost = cost(room, pod);
      if (cost < least) { // of two alike the first by name
        best = room;
        least = cost;
      }
    }
    if (best == null) {
      return PodMove.left(pod.name(), nowhere(rejected), cure(), rejected);
    }
    String reason = best.reason(pod, onChassis(best));
    best.take(pod);
    return PodMove.planned(pod.name(), best.host().name(), reason, rejected);
  }

  private static String nowhere(List<String> rejected) {
    return rejected.isEmpty()
        ? "there is no host to take it"
        : "no host can take it: " + String.join("; ", rejected);
  }

  /** What would help: the cure of a host that objects to everything, or more room. */
  private String cure() {
    return rooms.values().stream()
        .map(room -> room.host().cure())
        .filter(cure -> !cure.isEmpty())
        .findFirst()
        .orElse("add a host that can take it (pod host add), or name more with --to");
  }

  private long cost(Room room, PlanPod pod) {
    long missing = room.missingBytes(pod);
    return room.fullness(pod)
        + MOST_FOR_CHASSIS * onChassis(room) / pods
        + MOST_FOR_HOST * room.placed() / pods
        + (long) (MOST_FOR_LAYERS * (double) missing / (missing + MANY_LAYERS));
  }

  private int onChassis(Room room) {
    Map<String, Integer> counts = new HashMap<>();
    rooms.values().forEach(other -> counts.merge(other.chassis(), other.placed(), Integer::sum));
    return counts.getOrDefault(room.chassis(), 0);
  }
}
