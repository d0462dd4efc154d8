package io.podkit.linux;

import io.podkit.process.ExitStatus;
import java.util.Optional;

/** Signals and children, part of {@link Syscalls}. */
public interface ProcessCalls {

  /**
   * Sends a signal. A pid may have been reused: prefer {@link #pidfdSendSignal} where a process was
   * watched for long.
   *
   * @throws ErrnoException ESRCH if there is no such process, EPERM
   */
  void kill(Pid pid, Signal signal) throws ErrnoException;

  /**
   * A descriptor that names this process for ever, whatever becomes of its pid. Readable once the
   * process has ended.
   *
   * @throws ErrnoException ESRCH if there is no such process
   * @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>, since
   *     Linux 5.3
   */
  Fd pidfdOpen(Pid pid) throws ErrnoException;

  /**
   * Sends a signal to exactly the process that {@code pidfd} names.
   *
   * @throws ErrnoException ESRCH if it has ended
   * @see <a
   *     href="https://man7.org/linux/man-pages/man2/pidfd_send_signal.2.html">pidfd_send_signal(2)</a>,
   *     since Linux 5.1
   */
  void pidfdSendSignal(Fd pidfd, Signal signal) throws ErrnoException;

  /**
   * Collects the exit status of one child of this process without waiting. Only for children that
   * {@link Spawner} started: those of the JDK have a thread of their own that collects them.
   *
   * @return empty if it still runs
   * @throws ErrnoException ECHILD if it is no child or was collected already
   * @see <a href="https://man7.org/linux/man-pages/man2/waitpid.2.html">waitpid(2)</a>
   */
  Optional<ExitStatus> waitpidNoHang(Pid child) throws ErrnoException;
}
