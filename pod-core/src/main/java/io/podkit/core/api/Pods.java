package io.podkit.core.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.RootedFiles;
import java.time.Duration;
import java.util.List;

/**
 * The life of pods on this host. Thread-safe; every change of one pod is serialised by a lock that
 * other processes respect too.
 */
public interface Pods {
  /** Records a pod and prepares its files; nothing runs yet. On failure nothing is left. */
  PodStatus create(PodSpec spec) throws PodkitException;

  /** Starts a created or exited pod and returns once its command has been executed. */
  PodStatus start(PodName name) throws PodkitException;

  /**
   * Asks the command to end with the pod's stop signal, and ends it with SIGKILL after {@code
   * grace}. Stopping a stopped pod is no error.
   */
  PodStatus stop(PodName name, Duration grace) throws PodkitException, InterruptedException;

  /** Sends a signal to the pod's command. */
  void kill(PodName name, int signal) throws PodkitException;

  /**
   * Removes a pod that does not run, its files and its record; with {@code force} it is stopped
   * first.
   *
   * @param grace how long a pod that runs may take to end after its stop signal; it is killed then,
   *     and at once if its processes cannot act, as while it is moved
   */
  void remove(PodName name, boolean force, Duration grace)
      throws PodkitException, InterruptedException;

  List<PodStatus> list() throws PodkitException;

  PodStatus status(PodName name) throws PodkitException;

  /** Samples the pod's cgroup over {@code interval} (blocks for that long). */
  PodStats stats(PodName name, Duration interval) throws PodkitException, InterruptedException;

  /** Starts a command in a running pod. */
  Attachment exec(PodName name, ExecSpec spec) throws PodkitException;

  /** The streams of the pod's own command, from the beginning of its log if {@code fromStart}. */
  Attachment attach(PodName name, boolean fromStart) throws PodkitException;

  /** Blocks until the pod has ended. */
  int waitFor(PodName name) throws PodkitException, InterruptedException;

  /**
   * Promises that this process will see to the pod's end itself, so that its monitor need not start
   * another one for that. To be called before the pod starts.
   *
   * @return to be closed by the caller; closing it, or dying, ends the promise
   */
  Attendance attend(PodName name) throws PodkitException;

  /**
   * Takes note that a pod's processes have ended: gives back its mounts, cable and control group,
   * and removes it if it was started with {@code autoRemove}. Its monitor has this called; calling
   * it again, or too early, does nothing but let a pod go on that a dead command left stopped.
   */
  void settle(PodName name) throws PodkitException;

  /** Lets a container go on that a command of ours had stopped for a moment, and that has died. */
  void settleContainer(PodName name) throws PodkitException;

  /**
   * Removes what commands left that died: files and mounts of pods without a record, layers mounted
   * for nobody. What somebody is at work on is left alone.
   */
  void sweep() throws PodkitException;

  /**
   * As {@link #sweep}, and removes the layers that no image, no pod, running or not, and nobody who
   * is at work needs, and what broken transfers left. Waits for imports that are under way.
   *
   * @return the layers that were removed
   */
  @CanIgnoreReturnValue
  List<LayerDigest> prune() throws PodkitException;

  /**
   * What the pod itself wrote, without its layers, whether it runs or not; the caller closes it.
   * Its command's output is in {@code /.pod/stdout} and {@code /.pod/stderr}.
   */
  RootedFiles ownFiles(PodName name) throws PodkitException;

  /**
   * The pod's files as the pod sees them, running or not, reached without following a link out of
   * its tree; the caller closes it, and no other command can change a stopped pod before.
   */
  RootedFiles files(PodName name) throws PodkitException;
}
