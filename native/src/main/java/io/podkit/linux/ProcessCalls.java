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

  /**
   * Makes what this thread creates from now on belong to that user and group, and leaves its
   * capabilities as they are.
   *
   * @return ends it, on the same thread
   * @throws ErrnoException EPERM without CAP_SETPCAP, CAP_SETUID and CAP_SETGID
   * @see <a href="https://man7.org/linux/man-pages/man2/setfsuid.2.html">setfsuid(2)</a> and
   *     SECBIT_NO_SETUID_FIXUP in <a
   *     href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
   */
  FileOwnership createFilesAs(long uid, long gid) throws ErrnoException;

  /** Until it is closed this thread creates files for somebody else. */
  interface FileOwnership extends AutoCloseable {
    @Override
    void close() throws ErrnoException;
  }
}
