package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podkit.process.CommandResult;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Move;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.SteadyClient;
import io.podkit.tests.lab.TestPod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory follows a pod that runs on its new host already: it never reads a wrong page, and stands
 * still rather than that when its former host is gone.
 */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
class PostCopyIT {
  private static final int KILLED = 128 + 9;
  private static final int PEER = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @AfterEach
  void reconnect() throws Exception {
    for (Host host : List.of(LAB.get().hostA(), LAB.get().hostB())) {
      host.link(true);
      host.killAgent();
      host.startAgent("");
    }
  }

  @ParameterizedTest(name = "{0} by {1}")
  @CsvSource({"remap, post-copy", "fork, post-copy", "shared, hybrid"})
  void adversariesAreRight(String kind, String strategy) throws Exception {
    String adversary = "adversary-" + kind;
    try (TestPod pod =
        TestPod.run(
            LAB.get().hostA(),
            "followed",
            LAB.get().images().of("base"),
            List.of("--", Workload.PROGRAMS + "workload", adversary).toArray())) {
      pod.awaitLog("ok " + adversary + " 1\n");
      Host target = LAB.get().hostB();
      pod.moveTo(target, "--strategy", strategy, "--downtime-limit", "1ms", "--max-rounds", "2");
      long before = verified(pod.logs(), adversary);
      pod.signal("USR2");
      String log =
          pod.awaitLog(
              "verified", text -> verified(text, adversary) > before || text.contains("FAIL "));
      assertThat(log).doesNotContain("FAIL ");
    }
  }

  private static long verified(String log, String adversary) {
    return log.lines().filter(line -> line.startsWith("verified " + adversary)).count();
  }

  /** The first choice of the policy is to freeze; an order turns the migration to post-copy. */
  @Test
  void ordersSwitchIt() throws Exception {
    try (Survivor pod = Survivor.start(LAB.get());
        SteadyClient client = pod.connect()) {
      Host home = pod.home();
      Host away = pod.away();
      try (Move move = pod.startMove("source:round:pause:2000")) {
        move.awaitFault();
        home.pod("migration", "switch-to-post-copy", Survivor.NAME);
        Move.End end = move.await();
        assertThat(end.status()).as(end.said()).isZero();
        assertThat(end.said()).contains("post-copy: it was asked for");
      }
      expectUnharmedOn(away, pod, client);
    }
  }

  /** While it runs without most of its memory the cable is pulled out, and put in again. */
  @Test
  void linkIsCut_andComesBack() throws Exception {
    try (Survivor pod = Survivor.start(LAB.get());
        SteadyClient client = pod.connect()) {
      Host away = pod.away();
      try (Move move = startBlocked(pod)) {
        away.link(true);
        Move.End end = move.await();
        assertThat(end.status()).as(end.said()).isZero();
      }
      expectUnharmedOn(away, pod, client);
    }
  }

  /** The link is down, and the command that served memory is killed: somebody resumes it. */
  @Test
  void commandIsKilled_whileTheLinkIsDown() throws Exception {
    try (Survivor pod = Survivor.start(LAB.get());
        SteadyClient client = pod.connect()) {
      Host home = pod.home();
      Host away = pod.away();
      home.killAgent(); // it would resume by itself
      try (Move move = startBlocked(pod)) {
        move.signal("KILL");
        assertThat(move.await().status()).isEqualTo(KILLED);
      }
      assertThat(home.recordedState(Survivor.NAME)).isEqualTo("serving");
      client.expectSilence();
      CommandResult refused = home.tryPod("rm", "-f", Survivor.NAME);
      assertThat(refused.success()).isFalse();
      away.link(true);
      resume(home);
      home.startAgent("");
      expectUnharmedOn(away, pod, client);
    }
  }

  /** What the dying command's own switch does meanwhile makes this one wait, or do nothing. */
  private static void resume(Host home) throws Exception {
    for (long end = System.nanoTime() + PATIENCE.toNanos(); ; Thread.sleep(200)) {
      CommandResult resumed = home.tryPod("migrate", "--resume", Survivor.NAME);
      if (resumed.success() || home.podNames().isEmpty()) {
        return;
      }
      assertThat(System.nanoTime()).as(resumed.stderr()).isLessThan(end);
    }
  }

  /** A pod without all of its memory is its new host's, to be removed like any other. */
  @Test
  void podIsRemoved_whileItIsBlocked() throws Exception {
    Host home = LAB.get().hostA();
    Host away = LAB.get().hostB();
    try (Survivor pod = Survivor.start(LAB.get())) {
      try (Move move = startBlocked(pod)) {
        away.pod("rm", "-f", Survivor.NAME);
        away.link(true);
        Move.End end = move.await();
        assertThat(end.status()).as(end.said()).isZero();
      }
      assertThat(home.podNames()).isEmpty();
      assertThat(LAB.get().remainsOn(home)).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"source:restored", "source:before-grant"})
  void commandIsKilled_beforeTheTargetOwnsIt(String point) throws Exception {
    try (Survivor pod = Survivor.start(LAB.get());
        SteadyClient client = pod.connect()) {
      Host home = pod.home();
      try (Move move = pod.startMove(point + ":kill", "--strategy", "post-copy")) {
        assertThat(move.await().status()).isEqualTo(KILLED);
      }
      home.tryPod("recover", Survivor.NAME);
      expectUnharmedOn(home, pod, client);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"target:owned-recorded, false", "target:before-committed, true"})
  void agentIsKilled(String point, boolean moves) throws Exception {
    try (Survivor pod = Survivor.start(LAB.get());
        SteadyClient client = pod.connect()) {
      Host home = pod.home();
      Host away = pod.away();
      away.killAgent();
      away.startAgent(point + ":kill");
      try (Move move = pod.startMove("", "--strategy", "post-copy")) {
        away.awaitFault(move);
        away.killAgent();
        away.startAgent("");
        Move.End end = move.await();
        assertThat(end.status()).as(end.said()).isEqualTo(moves ? 0 : PEER);
      }
      expectUnharmedOn(moves ? away : home, pod, client);
    }
  }

  /** A pod that runs on its new host and wants memory, when the cable there is pulled out. */
  private static Move startBlocked(Survivor pod) throws Exception {
    Host away = pod.away();
    away.killAgent();
    away.startAgent("target:fetching:pause:1000");
    Move move = pod.startMove("", "--strategy", "post-copy");
    try {
      away.awaitFault(move);
      away.link(false);
      awaitBlocked(away);
      return move;
    } catch (Exception | AssertionError e) {
      move.close();
      throw e;
    }
  }

  private static void awaitBlocked(Host host) throws Exception {
    for (long end = System.nanoTime() + PATIENCE.toNanos(); ; Thread.sleep(100)) {
      JsonNode memory = host.podJson("ps").findPath("remoteMemory");
      if (memory.isObject() && !memory.path("connected").asBoolean()) {
        assertThat(host.pod("ps")).contains("Blocked: memory on ");
        return;
      }
      assertThat(System.nanoTime()).as("not blocked: %s", memory).isLessThan(end);
    }
  }

  private static void expectUnharmedOn(Host owner, Survivor pod, SteadyClient client)
      throws Exception {
    pod.expectOnlyOn(owner);
    client.expectAnswers();
    pod.move();
    client.expectAnswers();
    client.expectUnharmed();
  }
}
