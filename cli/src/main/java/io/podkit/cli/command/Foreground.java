package io.podkit.cli.command;

import io.podkit.cli.console.FailureReport;
import io.podkit.cli.context.Context;
import io.podkit.cli.terminal.ForegroundSession;
import io.podkit.core.api.Attachment;
import io.podkit.core.api.Attendance;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.Pods;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.util.OptionalInt;

/** Commands that make a command in a pod look as if it ran here. */
final class Foreground {
  private final Context context;

  Foreground(Context context) {
    this.context = context;
  }

  /**
   * Follows the pod's own command to its end, and sees to that.
   *
   * @param attendance of that pod; stays with the caller
   * @param fromStart whether to show what it printed before
   * @return its exit status, or 0 if the user left it running
   */
  int attend(Pods pods, PodSpec spec, Attendance attendance, boolean fromStart)
      throws PodkitException, InterruptedException {
    OptionalInt status = follow(pods, spec, fromStart);
    if (status.isPresent()) {
      settle(attendance);
    }
    return status.orElse(0);
  }

  /** What fails here its monitor will do; the command's status is what was asked for. */
  private void settle(Attendance attendance) {
    try {
      attendance.settle();
    } catch (PodkitException e) {
      FailureReport report = new FailureReport(context.err(), context.options().stacktrace());
      report.warning("the pod has ended, but is not cleared away yet: " + e.what());
    }
  }

  /** Follows the pod's own command to its end; empty if the user left it running. */
  OptionalInt follow(Pods pods, PodSpec spec, boolean fromStart)
      throws PodkitException, InterruptedException {
    try (Attachment attachment = pods.attach(spec.name(), fromStart)) {
      return relay(attachment, spec.tty(), spec.interactive());
    } catch (PodkitException e) {
      if (e.kind() != ErrorKind.CONFLICT || !fromStart) {
        throw e;
      }
      return OptionalInt.of(replay(pods, spec.name())); // it has ended already
    }
  }

  /** Relays until the command ends; empty if the user left it running. */
  OptionalInt relay(Attachment attachment, boolean tty, boolean interactive)
      throws PodkitException, InterruptedException {
    context.out().flush();
    ForegroundSession session = context.session();
    try {
      return session.attach(attachment, tty, interactive);
    } finally {
      FailureReport report = new FailureReport(context.err(), context.options().stacktrace());
      session.troubles().forEach(trouble -> report.warning(trouble.what()));
    }
  }

  private int replay(Pods pods, PodName name) throws PodkitException, InterruptedException {
    int status = pods.waitFor(name);
    try (LogFiles log =
        LogFiles.open(pods, name, context.streams().out(), context.streams().err())) {
      log.copyRest();
    } catch (IOException e) {
      throw PodkitException.io("cannot read the output of pod " + name, e);
    }
    return status;
  }
}
