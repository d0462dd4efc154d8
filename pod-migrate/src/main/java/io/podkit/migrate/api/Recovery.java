package io.podkit.migrate.api;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finishes or undoes what a crash left of migrations on this host, from the durable records alone.
 */
public interface Recovery {
  /**
   * Looks at one pod, or at every pod in a migration that nobody works on any more.
   *
   * @param only the pod to look at, or null for all
   * @param assume who is to own a pod that is in doubt when its target cannot be asked, or null to
   *     leave it in doubt
   */
  List<Outcome> recover(@Nullable PodName only, @Nullable Owner assume) throws PodkitException;

  /**
   * Gives a pod's memory to the host where it runs, until that host has all of it.
   *
   * @param pod one that was {@link Action#SERVING}
   * @throws PodkitException CONFLICT if somebody does it already, or nothing is wanted; PEER if the
   *     other host could not be reached for a while
   */
  void serve(PodName pod) throws PodkitException;

  /**
   * Who an operator says owns a pod in doubt. Wrong, two copies run or none: look at the other host
   * first.
   */
  enum Owner {
    SOURCE,
    TARGET
  }

  /**
   * What became of one pod.
   *
   * @param pod the pod
   * @param action what was done
   * @param detail why, for people
   */
  record Outcome(PodName pod, Action action, String detail) {}

  /** What recovery can do to a pod. */
  enum Action {
    /** It runs here on, with its network. */
    RESUMED,
    /** It belongs to the other host now; what was left here is gone. */
    RELEASED,
    /** It runs on the other host, which still needs memory from here: see {@link #serve}. */
    SERVING,
    /** It arrived and runs here. */
    KEPT,
    /** It never belonged here; every trace is gone. */
    REMOVED,
    /** The other host cannot be asked: it stands still. */
    STILL_IN_DOUBT,
    /** Somebody is at work on it. */
    BUSY
  }
}
