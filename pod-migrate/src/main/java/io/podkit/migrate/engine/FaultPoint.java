package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.linux.Fd;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Pid;
import io.podkit.linux.Signal;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The boundaries between the phases of a migration, where tests have it fail. Without the
 * environment variable {@code PODKIT_FAULT} nothing happens; docs/error-handling.md has its form.
 */
enum FaultPoint {
  /** The conversation is open and the pod says LEAVING; nothing was asked yet. */
  SOURCE_PREFLIGHT,
  /** The target has reserved the name and waits for data. */
  SOURCE_PREPARED,
  /** Every layer is there, and nothing else. */
  SOURCE_LAYERS,
  /** The first pass over the files is there; the pod still runs. */
  SOURCE_FILES,
  /** One round over its memory was sent, and there may be others. */
  SOURCE_ROUND,
  /** The rounds over its memory are over; the pod still runs. */
  SOURCE_ROUNDS,
  /** The pod stands still and is cut off. */
  SOURCE_FROZEN,
  /** CRIU's images are complete; they were not sent yet. */
  SOURCE_WRITTEN,
  /** The target holds the restored pod. */
  SOURCE_RESTORED,
  /** IN_DOUBT is on disk and the control group is frozen. */
  SOURCE_GRANTED_RECORDED,
  /** As before; the next thing that is sent is the grant. */
  SOURCE_BEFORE_GRANT,
  /** The target has said that it runs the pod; it is frozen and complete here. */
  SOURCE_AFTER_COMMITTED,
  /** The target runs the pod and has yet to ask for most of its memory, which is here. */
  SOURCE_SERVING,
  /** CRIU has ended the processes here; everything else is still to be removed. */
  SOURCE_RELEASE,

  /** The name is reserved; the source does not know yet. */
  TARGET_PREPARED,
  /** The first layer, or the rest of it, begins to come. */
  TARGET_FIRST_LAYER,
  /** The first tree begins to come. */
  TARGET_FIRST_TREE,
  /** The first pages of its memory begin to come. */
  TARGET_FIRST_PAGES,
  /** Everything has come; nothing is restored. */
  TARGET_COMPLETE,
  /** The pod is restored and held; the source does not know yet. */
  TARGET_HELD,
  /** The grant has come and OWNED is on disk. */
  TARGET_OWNED_RECORDED,
  /** As before; the next thing that happens is that the pod is let run. */
  TARGET_BEFORE_RESUME,
  /** The pod runs, and RUNNING or FILLING is on disk. */
  TARGET_RUNNING_RECORDED,
  /** As before; the next thing that is sent is the answer to the grant. */
  TARGET_BEFORE_COMMITTED,
  /** The source knows that the pod runs here; memory that follows it is about to be asked for. */
  TARGET_FETCHING,
  /** The source knows that the pod runs here; most of its memory is still to be mapped in. */
  TARGET_FILLING;

  static final String VARIABLE = "PODKIT_FAULT";

  private static final Logger LOG = LoggerFactory.getLogger(FaultPoint.class);
  private static final @Nullable Fault ARMED = Fault.parse(System.getenv(VARIABLE));
  private static final AtomicBoolean HAPPENED = new AtomicBoolean();

  /** What happens where. */
  record Fault(FaultPoint point, Action action, Duration pause) {
    private enum Action {
      THROW,
      KILL,
      PAUSE
    }

    /** Null for null; whoever sets the variable wrongly must not believe that a test has passed. */
    static @Nullable Fault parse(@Nullable String text) {
      if (text == null) {
        return null;
      }
      String[] words = text.toUpperCase(Locale.ROOT).replace('-', '_').split(":", -1);
      boolean pause = words.length == 4 && words[2].equals("PAUSE");
      if (words.length != 3 && !pause) {
        throw new IllegalArgumentException(VARIABLE + "=" + text + ": SIDE:POINT:ACTION is wanted");
      }
      return new Fault(
          FaultPoint.valueOf(words[0] + "_" + words[1]),
          Action.valueOf(words[2]),
          Duration.ofMillis(pause ? Long.parseLong(words[3]) : 0));
    }

    private void happen() throws PodkitException {
      LOG.warn("fault at {}: {}", point, action);
      switch (action) {
        case THROW -> throw PodkitException.internal("fault injected at " + point, null);
        case KILL -> killMyself();
        case PAUSE -> sleep(pause);
      }
    }
  }

  /** Fails here if that was asked for, once: what comes after a fault goes its ordinary way. */
  void reach() throws PodkitException {
    if (ARMED != null && ARMED.point == this && HAPPENED.compareAndSet(false, true)) {
      ARMED.happen();
    }
  }

  /** As a real SIGKILL: no shutdown hook, no buffer flushed. */
  private static void killMyself() throws PodkitException {
    Syscalls syscalls = JnrSyscalls.load();
    try (Fd self = syscalls.pidfdOpen(new Pid(ProcessHandle.current().pid()))) {
      syscalls.pidfdSendSignal(self, Signal.KILL);
    } catch (IOException e) {
      throw PodkitException.io("cannot kill this process", e);
    }
  }

  private static void sleep(Duration pause) throws PodkitException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted in a pause");
    }
  }
}
