package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Move;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.SteadyClient;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A migration fails, or its process is killed, at each boundary between two phases, on each side;
 * somebody then does no more than a user would: starts a dead agent again, calls {@code pod
 * recover} where the command died. The pod has one owner, its client has lost nothing, the other
 * host is clean, and the pod can be moved.
 */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
  /** At all others the source keeps the pod. */
  private static final Set<String> AFTER_COMMIT =
      Set.of(
          "source:after-committed",
          "source:serving",
          "source:release",
          "target:running-recorded",
          "target:before-committed",
          "target:fetching",
          "target:filling");

  /** These lie on the way of memory that follows the pod; the others are met by pre-copy. */
  private static final Set<String> POST_COPY = Set.of("source:serving", "target:fetching");

  /** Layers are sent only to a host that lacks them. */
  private static final String IN_A_LAYER = "target:first-layer";

  private static final int KILLED = 128 + 9;
  private static final int INTERNAL = 1;
  private static final int PEER = 6;

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  private @Nullable Survivor survivor;

  /** The boundaries are an enum that the engine keeps to itself: none may be left out here. */
  private static Stream<String> points(String side) throws ClassNotFoundException {
    Object[] all = Class.forName("io.podkit.migrate.engine.FaultPoint").getEnumConstants();
    List<String> points =
        Arrays.stream(all)
            .map(point -> point.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
            .filter(point -> point.startsWith(side + "-"))
            .map(point -> side + ":" + point.substring(side.length() + 1))
            .toList();
    assertThat(points).hasSizeGreaterThan(5);
    return points.stream();
  }

  static Stream<String> sourcePoints() throws ClassNotFoundException {
    return points("source");
  }

  static Stream<String> targetPoints() throws ClassNotFoundException {
    return points("target");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sourcePoints")
  void commandFails(String point) throws Exception {
    survive(
        point,
        (pod, away) -> {
          Move.End end = run(pod, point + ":throw", strategy(point));
          // Past the commit only what is left here is at stake.
          boolean told = !point.equals("source:after-committed");
          assertThat(end.status()).as(end.said()).isEqualTo(told ? INTERNAL : 0);
          assertThat(end.said()).contains("fault injected at");
          if (end.said().contains("hint:  pod recover")) {
            recover(pod, point);
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sourcePoints")
  void commandIsKilled(String point) throws Exception {
    survive(
        point,
        (pod, away) -> {
          assertThat(run(pod, point + ":kill", strategy(point)).status()).isEqualTo(KILLED);
          recover(pod, point);
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targetPoints")
  void agentFails(String point) throws Exception {
    survive(
        point,
        (pod, away) -> {
          restartAgent(away, point + ":throw");
          Move.End end = run(pod, "", strategy(point));
          if (AFTER_COMMIT.contains(point)) {
            assertThat(end.status()).as(end.said()).isZero();
          } else {
            assertThat(end.status()).as(end.said()).isEqualTo(INTERNAL);
            assertThat(end.said()).contains("fault injected at");
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targetPoints")
  void agentIsKilled(String point) throws Exception {
    survive(
        point,
        (pod, away) -> {
          restartAgent(away, point + ":kill");
          try (Move move = pod.startMove("", "--strategy", strategy(point))) {
            away.awaitFault(move);
            restartAgent(away, "");
            Move.End end = move.await();
            assertThat(end.status())
                .as(end.said())
                .isEqualTo(AFTER_COMMIT.contains(point) ? 0 : PEER);
          }
        });
  }

  private interface Blow {
    void strike(Survivor pod, Host away) throws Exception;
  }

  private void survive(String point, Blow blow) throws Exception {
    Survivor pod = survivor != null ? survivor : Survivor.start(LAB.get());
    survivor = null; // one that did not survive is no use to the next
    boolean whole = false;
    try (SteadyClient client = pod.connect()) {
      if (point.equals(IN_A_LAYER)) {
        haveLayersSent(pod);
      }
      Host home = pod.home();
      Host away = pod.away();
      blow.strike(pod, away);
      pod.expectOnlyOn(AFTER_COMMIT.contains(point) ? away : home);
      client.expectAnswers();
      pod.move();
      client.expectAnswers();
      client.expectUnharmed();
      whole = true;
    } finally {
      if (whole) {
        survivor = pod;
      } else {
        bury(pod);
      }
    }
  }

  /** The first host has images that name its layers; the other can be rid of them. */
  private static void haveLayersSent(Survivor pod) throws Exception {
    if (pod.away() == LAB.get().hostA()) {
      pod.move();
    }
    pod.away().pod("image", "prune");
  }

  private static void bury(Survivor pod) throws Exception {
    for (Host host : List.of(pod.home(), pod.away())) {
      restartAgent(host, "");
    }
    pod.close();
  }

  @AfterAll
  void end() throws Exception {
    if (survivor != null) {
      bury(survivor);
    }
  }

  private static String strategy(String point) {
    return POST_COPY.contains(point) ? "post-copy" : "auto";
  }

  private static Move.End run(Survivor pod, String fault, String strategy) throws Exception {
    try (Move move = pod.startMove(fault, "--strategy", strategy)) {
      return move.await();
    }
  }

  private static void restartAgent(Host host, String fault) throws Exception {
    host.killAgent();
    host.startAgent(fault);
  }

  /** As a user would; that somebody else may be at it already is no failure. */
  private static void recover(Survivor pod, String point) throws Exception {
    assertThat(pod.home().tryPod("recover", Survivor.NAME).status().shellCode())
        .as("pod recover after %s", point)
        .isZero();
  }
}
