package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.PodkitException;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.Move;
import io.podkit.tests.lab.SteadyClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis that has to live through every fault, and one client that stays connected to it. It is
 * not known beforehand which host has it afterwards; closing removes it from all of them.
 */
final class Survivor implements AutoCloseable {
  static final String NAME = "survivor";

  private static final String ADDRESS = "10.77.1.70";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Lab lab;
  private Host home;

  private Survivor(Lab lab) {
    this.lab = lab;
    home = lab.hostA();
  }

  static Survivor start(Lab lab) throws PodkitException {
    String image = lab.images().of("redis");
    lab.hostA()
        .pod(
            "run",
            "-d",
            "--name",
            NAME,
            "--image",
            image,
            "--ip",
            ADDRESS,
            "--",
            "redis-server",
            "--bind",
            "0.0.0.0",
            "--protected-mode",
            "no",
            "--save",
            "");
    return new Survivor(lab);
  }

  /** Where it was seen last. */
  Host home() {
    return home;
  }

  /** The other host. */
  Host away() {
    return other(home);
  }

  private Host other(Host host) {
    return host == lab.hostA() ? lab.hostB() : lab.hostA();
  }

  /** A client of the running server; one write every five milliseconds. */
  SteadyClient connect() throws Exception {
    Exception last = null;
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
      try {
        return SteadyClient.connect(lab, "redis", ADDRESS, 6379, 200, 1);
      } catch (AssertionError e) {
        last = new IllegalStateException("cannot connect", e); // it is only starting
        Thread.sleep(100);
      }
    }
    throw new IllegalStateException("nobody answers", last);
  }

  Move startMove(String fault, Object... options) throws Exception {
    return Move.start(home, NAME, away(), fault, options);
  }

  /** Moves without a fault, which must succeed. */
  void move() throws Exception {
    try (Move move = startMove("")) {
      Move.End end = move.await();
      assertThat(end.status()).as("the next move: %s", end.said()).isZero();
    }
    expectOnlyOn(away());
  }

  /**
   * Asserts that this host, and no other one, has the pod, that it runs, and that nothing of it is
   * left on the other one. What a dead process left is cleared up by another one, which takes a
   * moment; two owners are wrong at any moment.
   */
  void expectOnlyOn(Host owner) throws Exception {
    List<String> wrong = List.of();
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
      String there = owner.recordedState(NAME);
      String elsewhere = other(owner).recordedState(NAME);
      assertThat(there.equals("running") && elsewhere.equals("running"))
          .as("%s runs on both hosts", NAME)
          .isFalse();
      assertThat(elsewhere)
          .as("%s on %s, not on %s", NAME, other(owner), owner)
          .isNotEqualTo("running");
      wrong = new ArrayList<>(lab.remainsOn(other(owner)));
      if (!there.equals("running")) {
        wrong.add(NAME + " on " + owner + " is " + there);
      }
      if (wrong.isEmpty()) {
        home = owner;
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(NAME + " is not only on " + owner + ": " + wrong);
  }

  @Override
  public void close() throws PodkitException {
    lab.hostA().tryPod("rm", "-f", NAME);
    lab.hostB().tryPod("rm", "-f", NAME);
  }
}
