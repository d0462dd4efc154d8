package io.podkit.migrate.engine;

import io.podkit.core.api.Departure;
import io.podkit.core.api.FrozenSteps;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.resource.HostLock;

/**
 * What happens while the pod stands still here: it is sent, it changes hands, and what follows it
 * is given to the target. CRIU waits for these steps, so that nothing lets the pod go in between.
 */
final class FrozenHandover implements FrozenSteps {
  private final Departure departure;
  private final SourceLink link;
  private final FrozenTransfer frozen;
  private final Handover handover;
  private final MemoryMove moving;
  private final Lenders lenders;
  private final HostLock turn;
  private final PhaseClock phases;
  private boolean over;

  /** Makes what gives memory to the target. */
  @FunctionalInterface
  interface Lenders {
    /** Reads the frozen pod's memory. */
    Lending make() throws PodkitException;
  }

  /**
   * @param turn on the link, given back as soon as the pod runs on the target: what follows it then
   *     may take long
   */
  FrozenHandover(
      Departure departure,
      SourceLink link,
      FrozenTransfer frozen,
      Handover handover,
      MemoryMove moving,
      Lenders lenders,
      HostLock turn,
      PhaseClock phases) {
    this.departure = departure;
    this.link = link;
    this.frozen = frozen;
    this.handover = handover;
    this.moving = moving;
    this.lenders = lenders;
    this.turn = turn;
    this.phases = phases;
  }

  @Override
  public void stopping() {
    phases.frozen();
  }

  @Override
  public void frozen() throws PodkitException {
    frozen.begin();
    FaultPoint.SOURCE_FROZEN.reach();
  }

  @Override
  public void written() throws PodkitException {
    FaultPoint.SOURCE_WRITTEN.reach();
    frozen.finish();
    if (frozen.memoryFollows()) {
      try (Lending lending = lenders.make()) {
        lending.serve(link); // already while it is built there the kernel touches its memory
        handOver();
        phases.thawed();
        departure.serve();
        giveTurn();
        FaultPoint.SOURCE_SERVING.reach();
        phases.enter(MigrationPhase.FILL, 0);
        moving.followed(lending.untilFilled(link), lending.counts());
      }
      over = true;
    } else {
      handOver();
      over = true;
      FaultPoint.SOURCE_AFTER_COMMITTED.reach();
      phases.thawed();
    }
  }

  /** The pod runs and waits for its memory: nothing may keep that from it. */
  private void giveTurn() {
    try {
      turn.close();
    } catch (PodkitException e) {
      phases.notice("other pods have to wait until all memory has come: " + e.what());
    }
  }

  private void handOver() throws PodkitException {
    frozen.restore();
    FaultPoint.SOURCE_RESTORED.reach();
    phases.enter(MigrationPhase.COMMIT, 0);
    handover.run();
  }

  /** Whether the target has the pod and all of it: nothing that fails here matters any more. */
  boolean isOver() {
    return over;
  }
}
