package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.process.CommandResult;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Move;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.SteadyClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A migration ends early, because somebody wants it so, time is up, or the cable is pulled out. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
class InterruptionsIT {
  private static final int PEER = 6;
  private static final int CANCELLED = 8;
  private static final int TIMEOUT = 9;
  private static final int IN_DOUBT = 10;

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  private Survivor pod;
  private SteadyClient client;
  private Host home;
  private Host away;

  @BeforeEach
  void start() throws Exception {
    pod = Survivor.start(LAB.get());
    client = pod.connect();
    home = pod.home();
    away = pod.away();
  }

  @AfterEach
  void end() throws Exception {
    client.close();
    away.link(true);
    for (Host host : new Host[] {home, away}) {
      host.killAgent();
      host.startAgent();
    }
    pod.close();
  }

  /** At each the command stands still for a while: the signal comes in between. */
  @ParameterizedTest(name = "at {0}")
  @ValueSource(strings = {"preflight", "files", "frozen", "restored"})
  void controlC(String point) throws Exception {
    try (Move move = pod.startMove("source:" + point + ":pause:2000")) {
      move.awaitFault();
      move.signal("INT");
      Move.End end = move.await();
      assertThat(end.status()).as(end.said()).isEqualTo(CANCELLED);
      assertThat(end.said()).contains("it runs on here");
    }
    expectUnharmedOn(home);
  }

  /** The target is only beginning to erase what it holds. */
  @Test
  void controlC_andAgainAtOnce() throws Exception {
    try (Move move = pod.startMove("source:restored:pause:2000")) {
      move.awaitFault();
      move.signal("INT");
      assertThat(move.await().status()).isEqualTo(CANCELLED);
    }
    pod.move();
    client.expectAnswers();
    client.expectUnharmed();
  }

  @Test
  void controlC_afterTheGrantIsTooLate() throws Exception {
    try (Move move = pod.startMove("source:before-grant:pause:1000")) {
      move.awaitFault();
      move.signal("INT");
      Move.End end = move.await();
      assertThat(end.status()).as(end.said()).isZero();
    }
    expectUnharmedOn(away);
  }

  @Test
  void timeout() throws Exception {
    try (Move move = pod.startMove("source:frozen:pause:6000", "--timeout", "5s")) {
      Move.End end = move.await();
      assertThat(end.status()).as(end.said()).isEqualTo(TIMEOUT);
      assertThat(end.said()).contains("it runs on here").contains("--timeout");
    }
    expectUnharmedOn(home);
  }

  @Test
  void agentOfTheSourceIsKilled() throws Exception {
    try (Move move = pod.startMove("source:frozen:pause:1000")) {
      move.awaitFault();
      home.killAgent();
      Move.End end = move.await();
      assertThat(end.status()).as(end.said()).isZero();
    }
    home.startAgent();
    expectUnharmedOn(away);
  }

  @ParameterizedTest(name = "at {0}")
  @ValueSource(strings = {"files", "frozen"})
  void linkIsCut(String point) throws Exception {
    try (Move move = pod.startMove("source:" + point + ":pause:1000")) {
      move.awaitFault();
      away.link(false);
      Move.End end = move.await();
      assertThat(end.status()).as(end.said()).isEqualTo(PEER);
    }
    // While it is still cut: the source needs nobody to go on.
    assertThat(home.recordedState(Survivor.NAME)).isEqualTo("running");
    client.expectAnswers();
    away.link(true);
    expectUnharmedOn(home);
  }

  /** The grant gets lost, and the link stays down for longer than the source waits. */
  @Test
  void linkIsCut_beforeTheGrantArrives() throws Exception {
    try (Move move = pod.startMove("source:before-grant:pause:1000")) {
      move.awaitFault();
      away.link(false);
      Move.End end = move.await();
      assertThat(end.status()).as(end.said()).isEqualTo(IN_DOUBT);
      assertThat(end.said()).contains("pod recover");
    }
    assertThat(home.recordedState(Survivor.NAME)).isEqualTo("in_doubt");
    client.expectSilence();
    assertThat(away.recordedState(Survivor.NAME)).isNotEqualTo("running");
    away.link(true);
    CommandResult recovered = home.tryPod("recover", Survivor.NAME);
    assertThat(recovered.success()).as(recovered.stderr()).isTrue();
    expectUnharmedOn(home);
  }

  /** The grant has arrived, the answer gets lost, the link comes back while the source asks. */
  @Test
  void linkIsCut_beforeTheAnswerArrives() throws Exception {
    away.killAgent();
    away.startAgent("target:before-committed:pause:3000");
    try (Move move = pod.startMove("")) {
      away.awaitFault(move);
      away.link(false);
      Thread.sleep(13_000); // longer than a control connection may be silent
      assertThat(home.recordedState(Survivor.NAME)).isEqualTo("in_doubt");
      away.link(true);
      Move.End end = move.await();
      assertThat(end.status()).as(end.said()).isZero();
    }
    expectUnharmedOn(away);
  }

  private void expectUnharmedOn(Host owner) throws Exception {
    pod.expectOnlyOn(owner);
    client.expectAnswers();
    pod.move();
    client.expectAnswers();
    client.expectUnharmed();
  }
}
