package io.podkit.criu;

import io.podkit.criu.lib.LibCriu;
import io.podkit.error.PodkitException;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.Pid;
import io.podkit.linux.Signal;
import io.podkit.linux.Syscalls;
import java.util.Set;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between libcriu's callback and {@link CriuNotify}.
 *
 * <p>Nothing may be thrown through C code: the first failure is kept here, CRIU is told to fail,
 * and {@link #failure} gives it out when the native call is over. Used by the one thread that makes
 * that call.
 */
final class NotifyBridge implements LibCriu.NotifyCallback, AutoCloseable {

  /** Steps at which an interrupt no longer cancels: the network is unlocked whatever happens. */
  private static final Set<String> TOO_LATE = Set.of("network-unlock", "post-resume");

  private static final int GO_ON = 0;
  private static final int FAIL = -1;

  private static final Logger LOG = LoggerFactory.getLogger(NotifyBridge.class);

  private final Syscalls syscalls;
  private final LibCriu libcriu;
  private final CriuNotify notify;
  private @Nullable Fd restoredRoot;
  private @Nullable Throwable failure;

  NotifyBridge(Syscalls syscalls, LibCriu libcriu, CriuNotify notify) {
    this.syscalls = syscalls;
    this.libcriu = libcriu;
    this.notify = notify;
  }

  @Override
  @SuppressWarnings("CatchingUnchecked") // whatever it is must not reach the C frames below us
  public int call(Pointer action, Pointer argument) {
    try {
      dispatch(action.getString(0), argument);
      return GO_ON;
    } catch (Throwable t) {
      failure = t;
      killRestored(t);
      return FAIL;
    }
  }

  private void dispatch(String action, Pointer argument) throws PodkitException, ErrnoException {
    if (!TOO_LATE.contains(action) && Thread.currentThread().isInterrupted()) {
      throw PodkitException.cancelled("interrupted before CRIU's step " + action);
    }
    switch (action) {
      case "pre-dump" -> notify.preDump();
      case "network-lock" -> notify.networkLock();
      case "post-dump" -> notify.postDump();
      case "network-unlock" -> notify.networkUnlock();
      case "pre-restore" -> notify.preRestore();
      case "setup-namespaces" -> notify.setupNamespaces(root(argument));
      case "post-setup-namespaces" -> notify.postSetupNamespaces();
      case "post-restore" -> notify.postRestore(root(argument));
      case "pre-resume" -> notify.preResume();
      case "post-resume" -> postResume();
      default -> {
        // status-ready, query-ext-files and what later versions add: CRIU only wants an answer.
      }
    }
  }

  /** The tasks run: whatever goes wrong here, they must not be killed for it. */
  private void postResume() {
    try {
      notify.postResume();
    } catch (RuntimeException e) {
      LOG.error("the tasks run, but what should happen then failed", e);
    }
  }

  /** The root task, remembered by a descriptor so that it can be killed whatever happens. */
  private Pid root(Pointer argument) throws ErrnoException {
    Pid pid = new Pid(libcriu.criu_notify_pid(argument));
    if (restoredRoot == null) {
      restoredRoot = syscalls.pidfdOpen(pid);
    }
    return pid;
  }

  /**
   * CRIU ignores a failure of network-unlock and pre-resume and lets the tasks run. Killing the
   * first task of their pid namespace makes that impossible, and is what CRIU does itself after a
   * failure of earlier steps.
   */
  private void killRestored(Throwable because) {
    if (restoredRoot == null) {
      return;
    }
    try {
      syscalls.pidfdSendSignal(restoredRoot, Signal.KILL);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ESRCH)) {
        because.addSuppressed(e);
      }
    }
  }

  /** Whether a method of the caller's threw. */
  boolean failed() {
    return failure != null;
  }

  /** What a method of the caller's threw, as the whole operation throws it. */
  PodkitException failure() {
    if (failure instanceof PodkitException e) {
      return e;
    } else if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    } else if (failure instanceof ErrnoException e) {
      return PodkitException.io("cannot watch the restored task", e);
    }
    throw new IllegalStateException("nothing has failed");
  }

  @Override
  public void close() throws ErrnoException {
    if (restoredRoot != null) {
      restoredRoot.close();
    }
  }
}
