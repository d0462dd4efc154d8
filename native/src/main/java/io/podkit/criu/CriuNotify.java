package io.podkit.criu;

import io.podkit.error.PodkitException;
import io.podkit.linux.Pid;

/**
 * What the caller does between CRIU's steps. CRIU waits meanwhile; every method runs on the thread
 * that called {@link Criu#dump} or {@link Criu#restore}.
 *
 * <p>An exception makes the operation fail: it comes out of dump or restore itself, not wrapped. So
 * does an interrupt that is pending when a step begins, as CANCELLED, and the flag stays set.
 *
 * <pre>
 * dump     preDump → (freeze) → networkLock → (images written) → postDump → (killed, or running on)
 *          networkUnlock comes in place of the kill: after an error and when the tasks run on
 * restore  preRestore → (namespaces made) setupNamespaces → postSetupNamespaces → (tasks made)
 *          postRestore → networkUnlock → preResume → (tasks run) → postResume
 * </pre>
 */
public interface CriuNotify {

  /** Does nothing at any step. */
  CriuNotify NONE = new CriuNotify() {};

  /** Dump: nothing was touched yet. */
  default void preDump() throws PodkitException {}

  /**
   * Dump: the tasks are frozen; nobody may talk to them any more. Like {@link #networkUnlock} only
   * called for a tree with a network namespace of its own.
   */
  default void networkLock() throws PodkitException {}

  /**
   * Dump: every image is written, the tasks are still frozen. Returning lets CRIU kill them (or
   * whatever {@link CriuOptions.AfterDump} says); an exception lets them run on unharmed.
   */
  default void postDump() throws PodkitException {}

  /**
   * Dump: the tasks will run on in a moment. Restore: sockets are about to leave repair mode. On
   * the way out of a failed dump it may not be called, so unlock in the caller's own undo too.
   */
  default void networkUnlock() throws PodkitException {}

  /** Restore: nothing was made yet. */
  default void preRestore() throws PodkitException {}

  /**
   * Restore: the namespaces exist and are empty; sockets are restored later.
   *
   * @param root the root task, whose {@code /proc/PID/ns} names them
   */
  default void setupNamespaces(Pid root) throws PodkitException {}

  /** Restore: the mount namespace is there, too. */
  default void postSetupNamespaces() throws PodkitException {}

  /**
   * Restore: every task is made. The last step at which CRIU by itself destroys them again when
   * this process fails or dies.
   */
  default void postRestore(Pid root) throws PodkitException {}

  /**
   * Restore: everything is in place and not one instruction has run. CRIU itself would resume the
   * tasks even after an error here; {@link Criu#restore} kills them instead. It cannot if this
   * process is killed at this step: who waits for somebody's leave waits in {@link #postRestore}.
   */
  default void preResume() throws PodkitException {}

  /** Restore: the tasks run. It is too late to fail. */
  default void postResume() {}
}
