package io.podkit.migrate.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.podkit.migrate.api.EvacuationOrder.Sequence;
import io.podkit.migrate.api.PodLabels;
import io.podkit.migrate.api.PodMove;
import io.podkit.migrate.api.PodMove.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final long MIB = 1L << 20;
  private static final String LAYER = "sha256:" + "ab".repeat(32);

  /** Pods and hosts that were made up. */
  record Case(List<PlanPod> pods, List<PlanHost> hosts, Sequence sequence) {
    List<PodMove> plan() {
      return Planner.plan(pods, hosts, sequence, Map.of());
    }

    PlanPod pod(String name) {
      return pods.stream().filter(pod -> pod.name().equals(name)).findFirst().orElseThrow();
    }

    List<PlanPod> on(PlanHost host) {
      return plan().stream()
          .filter(move -> move.target().equals(host.name()))
          .map(move -> pod(move.pod()))
          .toList();
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(
            pod().list().ofMaxSize(12), host().list().ofMaxSize(5), Arbitraries.of(Sequence.class))
        .as(
            (pods, hosts, sequence) ->
                new Case(
                    IntStream.range(0, pods.size())
                        .mapToObj(i -> pods.get(i).apply("p" + i))
                        .toList(),
                    IntStream.range(0, hosts.size())
                        .mapToObj(i -> hosts.get(i).apply("h" + i))
                        .toList(),
                    sequence));
  }

  private static Arbitrary<Function<String, PlanPod>> pod() {
    Arbitrary<Map<String, String>> labels =
        Arbitraries.of(
            Map.of(),
            Map.of(PodLabels.ANTI_AFFINITY, "db"),
            Map.of(PodLabels.ANTI_AFFINITY, "web", PodLabels.PRIORITY, "5"),
            Map.of(PodLabels.REQUIRE + "zone", "a"));
    Arbitrary<Map<String, Long>> layers = Arbitraries.of(Map.of(), Map.of(LAYER, 100 * MIB));
    return Combinators.combine(
            Arbitraries.longs().between(0, 4096),
            Arbitraries.doubles().between(0, 3),
            Arbitraries.longs().between(0, 1024),
            labels,
            layers)
        .as(
            (memory, cpus, disk, label, layer) ->
                name ->
                    new PlanPod(
                        name, memory * MIB, cpus, disk * MIB, label, layer, "", "", Map.of()));
  }

  private static Arbitrary<Function<String, PlanHost>> host() {
    Arbitrary<Map<String, String>> labels =
        Arbitraries.of(
            Map.of(), Map.of("chassis", "c1"), Map.of("chassis", "c2"), Map.of("zone", "a"));
    Arbitrary<Set<String>> groups = Arbitraries.of(Set.of(), Set.of("db"));
    return Combinators.combine(
            Arbitraries.longs().between(0, 16384),
            Arbitraries.doubles().between(-1, 8),
            Arbitraries.longs().between(0, 4096),
            labels,
            groups,
            Arbitraries.of("", "", "", "is cordoned"))
        .as(
            (memory, cpus, disk, label, group, objection) ->
                name ->
                    new PlanHost(
                        name,
                        16384 * MIB,
                        memory * MIB,
                        8,
                        cpus,
                        4096 * MIB,
                        disk * MIB,
                        label,
                        Set.of(),
                        group,
                        Set.of(),
                        objection,
                        ""));
  }

  @Property
  void neverOverCapacity(@ForAll("cases") Case made) {
    for (PlanHost host : made.hosts()) {
      List<PlanPod> pods = made.on(host);
      if (pods.isEmpty()) {
        continue;
      }
      assertThat(host.objection()).isEmpty();
      assertThat(pods.stream().mapToLong(PlanPod::memoryBytes).sum())
          .isLessThanOrEqualTo(host.memoryFree());
      assertThat(pods.stream().mapToDouble(PlanPod::cpus).sum())
          .isLessThanOrEqualTo(Math.max(0, host.cpusFree()) + 1e-6);
      Map<String, Long> layers = new HashMap<>();
      pods.forEach(pod -> layers.putAll(pod.layers()));
      long disk =
          pods.stream().mapToLong(PlanPod::diskBytes).sum()
              + layers.values().stream().mapToLong(Long::longValue).sum();
      assertThat(disk).isLessThanOrEqualTo(host.diskFree());
    }
  }

  @Property
  void everyPodHasOnePlaceAndAReason(@ForAll("cases") Case made) {
    List<PodMove> plan = made.plan();
    assertThat(plan.stream().map(PodMove::pod))
        .containsExactlyInAnyOrderElementsOf(made.pods().stream().map(PlanPod::name).toList());
    for (PodMove move : plan) {
      assertThat(move.reason()).isNotEmpty();
      assertThat(move.step()).isEqualTo(move.target().isEmpty() ? Step.LEFT : Step.WAITING);
      int others = move.target().isEmpty() ? made.hosts().size() : move.rejected().size();
      assertThat(move.rejected()).as("each host that was passed over").hasSize(others);
    }
  }

  @Property
  void antiAffinityIsKept(@ForAll("cases") Case made) {
    for (PlanHost host : made.hosts()) {
      Set<String> groups = new HashSet<>(host.groups());
      for (PlanPod pod : made.on(host)) {
        String group = pod.labels().get(PodLabels.ANTI_AFFINITY);
        assertThat(group == null || groups.add(group)).as("%s on %s", pod, host).isTrue();
        String zone = pod.labels().get(PodLabels.REQUIRE + "zone");
        assertThat(zone == null || zone.equals(host.labels().get("zone"))).isTrue();
      }
    }
  }

  @Property
  void theSameInputHasTheSamePlan(@ForAll("cases") Case made, @ForAll long seed) {
    List<PlanPod> pods = new ArrayList<>(made.pods());
    List<PlanHost> hosts = new ArrayList<>(made.hosts());
    Collections.shuffle(pods, new Random(seed));
    Collections.shuffle(hosts, new Random(seed));
    assertThat(new Case(pods, hosts, made.sequence()).plan()).isEqualTo(made.plan());
  }

  @Property
  void aPodThatCouldGoSomewhereAloneIsNeverCalledImpossible(@ForAll("cases") Case made) {
    for (PodMove move : made.plan()) {
      Case alone = new Case(List.of(made.pod(move.pod())), made.hosts(), made.sequence());
      boolean possible = alone.plan().get(0).step() == Step.WAITING;
      boolean planned = move.step() == Step.WAITING;
      assertThat(!planned || possible).as("%s", move).isTrue();
    }
  }

  private static PlanPod small(String name, String... labels) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      map.put(labels[i], labels[i + 1]);
    }
    return new PlanPod(name, 64 * MIB, 0, MIB, map, Map.of(LAYER, 300 * MIB), "", "", Map.of());
  }

  private static PlanHost large(String name, Set<String> layers, Map<String, String> labels) {
    return new PlanHost(
        name, 64L << 30, 32L << 30, 16, 16, 1L << 40, 1L << 39, labels, layers, Set.of(), Set.of(),
        "", "");
  }

  private static Map<String, String> targets(List<PodMove> plan) {
    return plan.stream().collect(Collectors.toMap(PodMove::pod, PodMove::target));
  }

  @Test
  void urgentPodsGoFirst() {
    List<PlanPod> pods =
        List.of(
            small("a"), small("b", PodLabels.PRIORITY, "7"), small("c", PodLabels.PRIORITY, "x"));
    List<PlanHost> hosts = List.of(large("h", Set.of(), Map.of()));
    assertThat(Planner.plan(pods, hosts, Sequence.URGENT, Map.of()))
        .extracting(PodMove::pod)
        .containsExactly("b", "a", "c");
  }

  @Test
  void onePodGoesWhereItsLayersAre() {
    List<PlanHost> hosts =
        List.of(large("a", Set.of(), Map.of()), large("b", Set.of(LAYER), Map.of()));
    PodMove move = Planner.plan(List.of(small("web")), hosts, Sequence.NAME, Map.of()).get(0);
    assertThat(move.target()).isEqualTo("b");
    assertThat(move.reason()).contains("has all of its layers");
  }

  @Test
  void podsAreSpreadOverChassis() {
    List<PlanHost> hosts =
        List.of(
            large("a", Set.of(LAYER), Map.of("chassis", "c1")),
            large("b", Set.of(LAYER), Map.of("chassis", "c1")),
            large("c", Set.of(LAYER), Map.of("chassis", "c2")));
    List<PlanPod> pods = IntStream.range(0, 8).mapToObj(i -> small("p" + i)).toList();
    Map<String, String> targets = targets(Planner.plan(pods, hosts, Sequence.NAME, Map.of()));
    assertThat(targets.values().stream().filter("c"::equals)).hasSize(4);
    assertThat(targets.values().stream().filter("a"::equals)).hasSize(2);
  }

  @Test
  void whatIsUnderWayTakesItsRoomAndItsGroup() {
    PlanPod one = small("one", PodLabels.ANTI_AFFINITY, "db");
    PlanPod two = small("two", PodLabels.ANTI_AFFINITY, "db");
    List<PlanHost> hosts =
        List.of(large("a", Set.of(LAYER), Map.of()), large("b", Set.of(LAYER), Map.of()));
    List<PodMove> plan = Planner.plan(List.of(one, two), hosts, Sequence.NAME, Map.of("one", "a"));
    assertThat(plan).extracting(PodMove::pod, PodMove::target).containsExactly(tuple("two", "b"));
  }

  @Test
  void aHostWhereItFailedIsNotTriedAgain() {
    PlanPod tried =
        new PlanPod(
            "web", MIB, 0, MIB, Map.of(), Map.of(), "", "", Map.of("a", "the disk was full"));
    List<PlanHost> hosts =
        List.of(large("a", Set.of(LAYER), Map.of()), large("b", Set.of(), Map.of()));
    PodMove move = Planner.plan(List.of(tried), hosts, Sequence.NAME, Map.of()).get(0);
    assertThat(move.target()).isEqualTo("b");
    assertThat(move.rejected()).containsExactly("a: was tried: the disk was full");
  }

  @Test
  void whatCannotGoSaysWhyAndWhatHelps() {
    PlanPod stuck =
        new PlanPod("web", MIB, 0, MIB, Map.of(), Map.of(), "io_uring open", "close it", Map.of());
    List<PlanHost> hosts = List.of(PlanHost.objecting("a", "is cordoned", "pod host uncordon a"));
    List<PodMove> plan = Planner.plan(List.of(stuck, small("db")), hosts, Sequence.NAME, Map.of());
    assertThat(plan.get(0).reason()).isEqualTo("no host can take it: a: is cordoned");
    assertThat(plan.get(0).cure()).isEqualTo("pod host uncordon a");
    assertThat(plan.get(1).reason()).isEqualTo("io_uring open");
    assertThat(plan.get(1).cure()).isEqualTo("close it");
    assertThat(Planner.plan(List.of(small("db")), List.of(), Sequence.NAME, Map.of()).get(0).cure())
        .contains("pod host add");
  }
}
