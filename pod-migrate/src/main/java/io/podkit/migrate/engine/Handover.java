package io.podkit.migrate.engine;

import io.podkit.core.api.Departure;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.transport.ControlChannel;
import java.time.Duration;

/**
 * The one round trip in which a pod changes its owner, seen from the source; docs/adr/0003 has the
 * reasons. Runs while the pod stands still.
 */
final class Handover {
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /**
   * How long a source waits for a target that cannot be reached before it leaves the pod in doubt.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Departure departure;
  private final ControlChannel control;
  private final CancelSwitch cancel;
  private final DoubtResolver doubt;

  Handover(Departure departure, ControlChannel control, CancelSwitch cancel, DoubtResolver doubt) {
    this.departure = departure;
    this.control = control;
    this.cancel = cancel;
    this.doubt = doubt;
  }

  /**
   * Returns when the target owns the pod and it runs there.
   *
   * @throws PodkitException if the target will never own it: it was taken back and may run on here.
   *     Of kind IN_DOUBT if that is not known: it was not taken back
   */
  void run() throws PodkitException {
    cancel.grant();
    try {
      departure.grant();
    } catch (PodkitException e) {
      takeBack(e);
      throw e;
    }
    try {
      control.ask(new Control.Grant(), ANSWER);
    } catch (PodkitException e) {
      // The target may have done it or not; only its record tells.
      if (!doubt.targetOwns(PATIENCE)) {
        takeBack(e);
        throw e.during("the target did not take the pod");
      }
    }
  }

  private void takeBack(PodkitException why) {
    try {
      departure.takeBack();
    } catch (PodkitException e) {
      why.addSuppressed(e);
    }
  }
}
