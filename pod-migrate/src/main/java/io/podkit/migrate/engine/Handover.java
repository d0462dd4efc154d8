package io.podkit.migrate.engine;

import io.podkit.core.api.Departure;
import io.podkit.error.PodkitException;
import java.time.Duration;

/**
 * The one round trip in which a pod changes its owner, seen from the source; docs/adr/0003 has the
 * reasons. Runs while the pod stands still.
 */
final class Handover {
  /**
   * How long a source waits for a target that cannot be reached before it leaves the pod in doubt.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Departure departure;
  private final Target target;
  private final CancelSwitch cancel;
  private final DoubtResolver doubt;
  private final Noted noted;

  /** The other side, as far as it matters here. */
  interface Target {
    /**
     * Gives it leave to own the pod, and returns when the pod runs there.
     *
     * @throws PodkitException if it did not say so: it may have done it all the same
     */
    void grant() throws PodkitException;

    /** Ends the conversation, so that a target that has not heard of the grant never will. */
    void hangUp();
  }

  /** Notes where the pod went, before it may. */
  @FunctionalInterface
  interface Noted {
    /** Writes it down durably. */
    void note() throws PodkitException;
  }

  Handover(
      Departure departure, Target target, CancelSwitch cancel, DoubtResolver doubt, Noted noted) {
    this.departure = departure;
    this.target = target;
    this.cancel = cancel;
    this.doubt = doubt;
    this.noted = noted;
  }

  /**
   * Returns when the target owns the pod and it runs there.
   *
   * @throws PodkitException if the target will never own it: it was taken back and may run on here.
   *     Of kind IN_DOUBT if that is not known: it was not taken back
   */
  void run() throws PodkitException {
    noted.note();
    cancel.grant();
    try {
      departure.grant();
      FaultPoint.SOURCE_GRANTED_RECORDED.reach();
    } catch (PodkitException e) {
      takeBack(e);
      throw e;
    }
    try {
      FaultPoint.SOURCE_BEFORE_GRANT.reach();
      target.grant();
    } catch (PodkitException e) {
      target.hangUp();
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
