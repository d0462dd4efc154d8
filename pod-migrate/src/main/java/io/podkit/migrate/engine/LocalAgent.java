package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Agent;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.transport.AgentServer;
import io.podkit.migrate.transport.PeerHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The agent of one host: recovers, then listens. */
public final class LocalAgent implements Agent {
  /** Long enough for a migration that has frozen its pod to end in order. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Recovery recovery;
  private final PeerHandler handler;
  private final Listener listener;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private @Nullable AgentServer server;

  /** Begins to listen with a handler. */
  @FunctionalInterface
  public interface Listener {
    /** Starts the server. */
    AgentServer start(PeerHandler handler) throws PodkitException;
  }

  /** An agent that does not listen yet. */
  public LocalAgent(Recovery recovery, PeerHandler handler, Listener listener) {
    this.recovery = recovery;
    this.handler = handler;
    this.listener = listener;
  }

  @Override
  public void start() throws PodkitException {
    recovery.recover(null, null);
    server = listener.start(handler);
  }

  @Override
  public InetSocketAddress address() {
    if (server == null) {
      throw new IllegalStateException("the agent was not started");
    }
    return server.address();
  }

  @Override
  public void await() throws InterruptedException {
    stopped.await();
  }

  @Override
  public void close() throws PodkitException {
    AgentServer running = server;
    try {
      if (running != null && !running.stop(GRACE)) {
        throw PodkitException.timeout("some migrations did not end when the agent stopped");
      }
    } catch (InterruptedException e) {
      if (running != null) {
        running.close();
      }
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }
}
