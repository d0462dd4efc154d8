package io.podkit.core.checkpoint;

import io.podkit.core.container.PodmanEngine;
import io.podkit.core.launch.ProcessIdentities;
import io.podkit.core.store.EngineContainer;
import io.podkit.core.store.InitProcess;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.process.CommandResult;
import io.podkit.process.Subprocess;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a container whose processes CRIU still holds: its engine is asked for it and knows
 * that this is no accident, but it sees the end only when CRIU has let go. Not thread-safe.
 */
final class EngineKill implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineKill.class);
  private static final Hint LATER = new Hint("see that no other podman command hangs: podman ps");

  /** podman takes a tenth of a second until it has sent the signal, and waits for its lock. */
  private static final Duration SENT = Duration.ofSeconds(20);

  /**
   * What podman, having sent the signal, has to note that before CRIU lets go: a write to its
   * database. That this was done cannot be seen, only that podman did not fail meanwhile. Much less
   * than the 5 s after which podman takes a container that does not end for a failure.
   */
  private static final Duration NOTED = Duration.ofMillis(300);

  private static final Duration ENDED = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(5);

  /** podman has cleaned up, or nothing has run since a boot: it starts none of these by itself. */
  private static final Set<String> OVER = Set.of("exited", "configured", "created");

  private final EngineContainer container;
  private final InitProcess init;
  private @Nullable Subprocess engine;
  private boolean begun;

  EngineKill(EngineContainer container, InitProcess init) {
    this.container = container;
    this.init = init;
  }

  /**
   * Returns when the container's pid 1 has died of podman's signal, though its monitor cannot know
   * yet.
   *
   * @throws PodkitException if podman failed, or did not come to it in time; its monitor is not to
   *     see an end then
   */
  void begin() throws PodkitException {
    Subprocess started = engine(container).beginKill();
    engine = started;
    await(SENT, () -> !ProcessIdentities.isAlive(init) || !started.isAlive());
    await(NOTED, () -> !started.isAlive());
    if (!started.isAlive()) {
      CommandResult result = started.finish();
      if (!result.success()) {
        throw PodkitException.of(
            ErrorKind.COMMAND, notEnded() + ": podman says " + result.stderr().trim(), LATER);
      }
      await(NOTED, () -> !ProcessIdentities.isAlive(init));
    }
    if (ProcessIdentities.isAlive(init)) {
      throw PodkitException.of(
          ErrorKind.TIMEOUT, notEnded() + " within " + SENT.toSeconds() + " s", LATER);
    }
    begun = true;
  }

  private String notEnded() {
    return "podman did not end container " + container.ref().id();
  }

  /** Whether podman has sent the signal, and has not failed since. */
  boolean isBegun() {
    return begun;
  }

  /**
   * Waits for podman. One that takes too long is left alone: killed, it could have sent the signal
   * and not noted it. What came of it is seen by {@link #finish}.
   */
  @Override
  public void close() {
    Subprocess running = engine;
    if (running == null) {
      return;
    }
    try {
      await(ENDED, () -> !running.isAlive());
      if (running.isAlive() || !running.finish().success()) {
        LOG.warn("{} itself", notEnded());
      }
    } catch (PodkitException e) {
      LOG.warn("{} itself", notEnded(), e);
    }
  }

  /**
   * Has the container end, if it has not, and the engine note that. One that the engine has started
   * again meanwhile is ended, too.
   *
   * @throws PodkitException if it lives, or the engine may start it again
   */
  static void finish(EngineContainer container, InitProcess init) throws PodkitException {
    finish(container, init, ENDED);
  }

  /**
   * @param patience how long the engine may take to be done with it
   */
  static void finish(EngineContainer container, InitProcess init, Duration patience)
      throws PodkitException {
    if (ProcessIdentities.isAlive(init)) {
      try (EngineKill kill = new EngineKill(container, init)) {
        kill.begin();
      }
    }
    PodmanEngine engine = engine(container);
    if (!await(patience, () -> isOver(engine))) {
      throw PodkitException.conflict(
              "podman may start container "
                  + container.ref().id()
                  + " again: it is "
                  + engine.state().orElse("removed"))
          .withHint(new Hint("podman stop " + container.ref().id() + "; pod recover"));
    }
  }

  /** "stopped" is not: the monitor's cleanup is still to come, and looks at the restart policy. */
  private static boolean isOver(PodmanEngine engine) throws PodkitException {
    if (engine.state().map(OVER::contains).orElse(true)) {
      return true;
    }
    engine.end();
    return engine.state().map(OVER::contains).orElse(true);
  }

  private static PodmanEngine engine(EngineContainer container) {
    return new PodmanEngine(container.command(), container.ref().id());
  }

  private interface Condition {
    boolean holds() throws PodkitException;
  }

  private static boolean await(Duration patience, Condition condition) throws PodkitException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      pause();
    }
    return true;
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
