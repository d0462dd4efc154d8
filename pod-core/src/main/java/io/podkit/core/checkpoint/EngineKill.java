package io.podkit.core.checkpoint;

import io.podkit.core.container.PodmanEngine;
import io.podkit.core.launch.ProcessIdentities;
import io.podkit.core.store.EngineContainer;
import io.podkit.core.store.InitProcess;
import io.podkit.error.PodkitException;
import io.podkit.process.Subprocess;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a container whose processes CRIU still holds: its engine is asked for it and knows
 * that this is no accident, but it sees the end only when CRIU has let go. Not thread-safe.
 */
final class EngineKill implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineKill.class);

  /** podman takes a tenth of a second until it has sent the signal. */
  private static final Duration SENT = Duration.ofSeconds(20);

  private static final Duration POLL = Duration.ofMillis(5);

  private final EngineContainer container;
  private final InitProcess init;
  private @Nullable Subprocess engine;

  EngineKill(EngineContainer container, InitProcess init) {
    this.container = container;
    this.init = init;
  }

  /** Returns when the container's pid 1 has died, though its monitor cannot know yet. */
  void begin() throws PodkitException {
    Subprocess started = engine(container).beginKill();
    engine = started;
    long deadline = System.nanoTime() + SENT.toNanos();
    while (ProcessIdentities.isAlive(init)
        && started.isAlive()
        && System.nanoTime() - deadline < 0) {
      pause();
    }
  }

  boolean isBegun() {
    return engine != null;
  }

  /** Waits for the engine; that it failed is seen by {@link #finish}. */
  @Override
  public void close() {
    Subprocess running = engine;
    if (running == null) {
      return;
    }
    try (running) {
      if (!running.finish().success()) {
        LOG.warn("podman did not end container {} itself", container.ref().id());
      }
    } catch (PodkitException e) {
      LOG.warn("podman did not end container {} itself", container.ref().id(), e);
    }
  }

  /**
   * Has the container end, if it has not, and the engine note that.
   *
   * @throws PodkitException if it lives, or the engine may start it again
   */
  static void finish(EngineContainer container, InitProcess init) throws PodkitException {
    if (ProcessIdentities.isAlive(init)) {
      EngineKill kill = new EngineKill(container, init);
      kill.begin();
      kill.close();
    }
    engine(container).end();
  }

  private static PodmanEngine engine(EngineContainer container) {
    return new PodmanEngine(container.command(), container.ref().id());
  }

  private static void pause() throws PodkitException {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while a container ends");
    }
  }
}
