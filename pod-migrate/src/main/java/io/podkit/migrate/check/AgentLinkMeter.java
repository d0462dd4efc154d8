package io.podkit.migrate.check;

import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.policy.Abilities.Ability;
import io.podkit.migrate.protocol.Capabilities;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.migrate.transport.AgentClient;
import io.podkit.migrate.transport.ControlChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Measures by sending bytes that the agent throws away, on a control connection of its own: for
 * some seconds at most, as fast as they are answered.
 */
public final class AgentLinkMeter implements LinkMeter {
  /** On their way at once: enough for a far host, less than a peer may ask without an answer. */
  private static final int OUTSTANDING = 8;

  private static final Duration WINDOW = Duration.ofMillis(500);
  private static final int MOST_WINDOWS = 16;

  /** The first is slow, while both ends compile what they run. */
  private static final int LEAST_WINDOWS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double NANOS = 1e9;

  private final AgentClient client;
  private final Duration window;

  public AgentLinkMeter(AgentClient client) {
    this(client, WINDOW);
  }

  /**
   * @param window over which one rate is measured
   */
  AgentLinkMeter(AgentClient client, Duration window) {
    this.client = client;
    this.window = window;
  }

  @Override
  public Link measure(String host, int port) throws PodkitException {
    try (ControlChannel control = client.connect(new AgentAddress(host, port, null))) {
      if (!control.capabilities().contains(Capabilities.LINK_PROBE)) {
        throw PodkitException.unsupported(
            "the agent of " + host + " cannot help to measure the link: it is older than this one",
            new Hint("update podkit there"));
      }
      Set<Ability> abilities =
          control.capabilities().contains(Capabilities.PAGE_BATCHES)
              ? Set.of(Ability.PAGE_ROUNDS)
              : Set.of();
      return new Link(new Probing(control, window).run(), abilities);
    }
  }

  /** Requests that several threads make, and the rate at which they are answered. */
  private static final class Probing {
    private final ControlChannel control;
    private final Duration window;
    private final LongAdder answered = new LongAdder();
    private final AtomicReference<@Nullable PodkitException> failure = new AtomicReference<>();
    private volatile boolean enough;

    Probing(ControlChannel control, Duration window) {
      this.control = control;
      this.window = window;
    }

    long run() throws PodkitException {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < OUTSTANDING; i++) {
        Thread thread = new Thread(this::ask, "probe-" + i);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
      try {
        return Math.round(watch());
      } finally {
        enough = true;
        threads.forEach(Thread::interrupt);
      }
    }

    private void ask() {
      ByteBuffer content = ByteBuffer.allocate(Control.LinkProbe.MAX_BYTES);
      try {
        while (!enough) {
          control.ask(new Control.LinkProbe(content), PATIENCE);
          answered.add(Control.LinkProbe.MAX_BYTES);
        }
      } catch (PodkitException e) {
        failure.compareAndSet(null, e);
      }
    }

    private double watch() throws PodkitException {
      SteadyRate rate = new SteadyRate();
      boolean steady = false;
      for (int i = 0; i < MOST_WINDOWS && !(steady && i >= LEAST_WINDOWS); i++) {
        long began = System.nanoTime();
        long before = answered.sum();
        pause();
        PodkitException failed = failure.get();
        if (failed != null) {
          throw failed;
        }
        steady = rate.add((answered.sum() - before) * NANOS / (System.nanoTime() - began));
      }
      return rate.rate();
    }

    private void pause() throws PodkitException {
      try {
        Thread.sleep(window.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw PodkitException.cancelled("measuring the link was cancelled");
      }
    }
  }
}
