package io.podkit.cli.terminal;

import io.podkit.core.api.Attachment;
import io.podkit.core.api.TerminalSize;
import io.podkit.error.PodkitException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets the user at the terminal use a command in a pod as if it ran here: streams, signals, window
 * size, single keys. Whatever happens, the terminal is as before when this returns.
 *
 * <p>One session per object; not thread-safe.
 */
public final class ForegroundSession {
  /** Signals that would otherwise end this process; all others are not ours to forward. */
  private static final List<String> FORWARDED = List.of("INT", "TERM", "HUP");

  private final Terminal terminal;
  private final Streams streams;
  private final List<PodkitException> troubles = new ArrayList<>();

  public ForegroundSession(Terminal terminal, Streams streams) {
    this.terminal = terminal;
    this.streams = streams;
  }

  /**
   * Copies streams and forwards signals until the command ends or the user types Ctrl-P Ctrl-Q.
   *
   * @param tty whether the command has a terminal of its own
   * @param interactive whether our standard input goes to it
   * @return the command's exit status, or nothing if the user left it running
   */
  public OptionalInt attach(Attachment attachment, boolean tty, boolean interactive)
      throws PodkitException, InterruptedException {
    boolean keys = tty && interactive && terminal.isInput();
    AtomicBoolean detached = new AtomicBoolean();
    Thread relaying = Thread.currentThread();
    InputStream in = streams.in();
    if (keys) {
      in =
          new DetachKeys(
              in,
              () -> {
                detached.set(true);
                relaying.interrupt();
              });
    }
    List<SignalTrap> traps = new ArrayList<>();
    try (Terminal.Mode mode = keys ? terminal.raw() : () -> {}) {
      trap(traps, attachment, tty);
      if (tty) {
        resize(attachment);
      }
      int status = attachment.relay(interactive ? in : null, streams.out(), streams.err());
      return OptionalInt.of(status);
    } catch (InterruptedException e) {
      if (detached.get()) {
        return OptionalInt.empty();
      }
      throw e;
    } finally {
      traps.forEach(SignalTrap::close);
    }
  }

  /**
   * What went wrong while signals were forwarded, none of it fatal. Asked for after {@link
   * #attach}.
   */
  public List<PodkitException> troubles() {
    synchronized (troubles) {
      return List.copyOf(troubles);
    }
  }

  private void trap(List<SignalTrap> traps, Attachment attachment, boolean tty) {
    for (String name : FORWARDED) {
      traps.add(SignalTrap.install(name, number -> guarded(() -> attachment.signal(number))));
    }
    if (tty) {
      traps.add(SignalTrap.install("WINCH", number -> guarded(() -> resize(attachment))));
    }
  }

  private void resize(Attachment attachment) throws PodkitException {
    Optional<TerminalSize> size = terminal.size();
    if (size.isPresent()) {
      attachment.resize(size.get());
    }
  }

  /** A signal thread has no caller to throw to, so its failures are kept for the end. */
  private void guarded(Step step) {
    try {
      step.run();
    } catch (PodkitException e) {
      synchronized (troubles) {
        troubles.add(e);
      }
    }
  }

  private interface Step {
    void run() throws PodkitException;
  }
}
