package io.podkit.core.api;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a pod stands in its life on this host.
 *
 * <pre>
 *            start            stop, exit
 *  CREATED ---------> RUNNING -----------> EXITED --start--> RUNNING
 *                      ^   | migrate (source), checkpoint
 *                abort |   v
 *                      LEAVING --grant given--> IN_DOUBT
 *                      |  ^  | checkpoint written   |   | target owns: the record is removed
 *                      |  |  +---> CHECKPOINTED     |
 *                      |  +-- target never will ----+
 *                      | its processes have ended: EXITED
 *                                    IN_DOUBT --target runs it, wants memory--> SERVING
 *  ARRIVING (target) --granted--> RUNNING
 *     | abort: the record is removed
 * </pre>
 *
 * The state is what the durable record says, corrected by what is alive: a RUNNING record whose pid
 * 1 is gone reads as EXITED.
 */
public enum PodState {
  CREATED,
  RUNNING,
  EXITED,
  CHECKPOINTED,
  /** About to leave, for another host or for a checkpoint; it still belongs to this host. */
  LEAVING,
  /**
   * The source gave the target leave to own the pod and has not heard back: frozen until the target
   * answers.
   */
  IN_DOUBT,
  /**
   * The pod runs on another host, which still takes memory from here: frozen, and never to run here
   * again.
   */
  SERVING,
  /**
   * The target side of a migration that has not committed: the pod does not belong to this host
   * yet.
   */
  ARRIVING;

  /** The states that may follow this one; anything else is a defect or a damaged record. */
  public Set<PodState> successors() {
    return switch (this) {
      case CREATED -> EnumSet.of(RUNNING);
      case RUNNING -> EnumSet.of(EXITED, LEAVING);
      case EXITED -> EnumSet.of(RUNNING);
      case CHECKPOINTED -> EnumSet.of(RUNNING);
      case LEAVING -> EnumSet.of(RUNNING, EXITED, IN_DOUBT, CHECKPOINTED);
      case IN_DOUBT -> EnumSet.of(LEAVING, SERVING);
      case SERVING -> EnumSet.of(LEAVING);
      case ARRIVING -> EnumSet.of(RUNNING);
    };
  }

  public boolean canBecome(PodState next) {
    return successors().contains(next);
  }

  /** Whether processes of the pod exist on this host in this state. */
  public boolean hasProcesses() {
    return this == RUNNING || isDeparting();
  }

  /** Whether its processes are here, but in the hands of a migration or a checkpoint. */
  public boolean isDeparting() {
    return this == LEAVING || isGranted();
  }

  /** Whether another host may own it, or does. */
  public boolean isGranted() {
    return this == IN_DOUBT || this == SERVING;
  }
}
