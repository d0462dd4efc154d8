package io.podkit.migrate.engine;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Agent;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.transport.AgentServer;
import io.podkit.migrate.transport.PeerHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent of one host: recovers, then listens. */
public final class LocalAgent implements Agent {
  /** Long enough for a migration that has frozen its pod to end in order. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /**
   * How often what died or could not be decided meanwhile is looked at again: the link may be back.
   */
  private static final Duration AGAIN = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(LocalAgent.class);

  private final Recovery recovery;
  private final PeerHandler handler;
  private final Listener listener;
  private final Chore chore;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread recoverer = new Thread(this::recoverAgainAndAgain, "agent-recover");
  private @Nullable AgentServer server;

  /** Begins to listen with a handler. */
  @FunctionalInterface
  public interface Listener {
    /** Starts the server. */
    AgentServer start(PeerHandler handler) throws PodkitException;
  }

  /** What is to be taken up after a crash, beside migrations. */
  @FunctionalInterface
  public interface Chore {
    /** Takes it up if it is not at work; returns soon. */
    void run() throws PodkitException;
  }

  /**
   * An agent that does not listen yet.
   *
   * @param chore done whenever it has recovered
   */
  public LocalAgent(Recovery recovery, PeerHandler handler, Listener listener, Chore chore) {
    this.recovery = recovery;
    this.handler = handler;
    this.listener = listener;
    this.chore = chore;
    recoverer.setDaemon(true);
  }

  @Override
  public void start() throws PodkitException {
    recover();
    server = listener.start(handler);
    recoverer.start();
  }

  /** What cannot be recovered now must not keep pods from coming. */
  private void recover() {
    try {
      for (Recovery.Outcome outcome : recovery.recover(null, null)) {
        if (outcome.action() == Recovery.Action.SERVING) {
          serve(outcome.pod());
        }
        if (outcome.action() != Recovery.Action.BUSY) {
          LOG.info("pod {}: {}, {}", outcome.pod(), outcome.action(), outcome.detail());
        }
      }
    } catch (PodkitException e) {
      LOG.error("cannot recover every migration: {}", e.getMessage(), e);
    }
  }

  /** It takes as long as the memory takes to travel; pods may come meanwhile. */
  private void serve(PodName pod) {
    Thread thread =
        new Thread(
            () -> {
              try {
                recovery.serve(pod);
                LOG.info("pod {}: its memory is all on its new host", pod);
              } catch (PodkitException e) {
                LOG.warn("the memory of pod {} is still wanted: {}", pod, e.getMessage());
              }
            },
            "agent-serve-" + pod);
    thread.setDaemon(true);
    thread.start();
  }

  private void recoverAgainAndAgain() {
    try {
      while (!stopped.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        recover();
        doChore();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody but close() would, and it is asked to end
    }
  }

  private void doChore() {
    try {
      chore.run();
    } catch (PodkitException e) {
      LOG.warn("cannot go on with what a crash interrupted: {}", e.getMessage());
    }
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
