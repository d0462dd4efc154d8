package io.podkit.linux;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;

/** Calls on open descriptors, part of {@link Syscalls}. Buffers must be direct. */
public interface DescriptorCalls {

  /**
   * Reads into the buffer's remaining space and advances its position.
   *
   * @return bytes read; -1 at the end of the file or when the other end is closed; 0 if the buffer
   *     is full
   * @throws ErrnoException EAGAIN on a non-blocking descriptor without data
   * @throws IllegalArgumentException if the buffer is not direct
   */
  int read(Fd fd, ByteBuffer into) throws ErrnoException;

  /**
   * Writes from the buffer and advances its position; may write less than is there.
   *
   * @throws ErrnoException EPIPE if nobody reads any more, EAGAIN on a full non-blocking descriptor
   * @throws IllegalArgumentException if the buffer is not direct
   */
  int write(Fd fd, ByteBuffer from) throws ErrnoException;

  /** Reads at an offset, without using or moving the descriptor's position; else as read. */
  int pread(Fd fd, ByteBuffer into, long offset) throws ErrnoException;

  /** Writes at an offset, without using or moving the descriptor's position; else as write. */
  int pwrite(Fd fd, ByteBuffer from, long offset) throws ErrnoException;

  /**
   * Where data begins at or after {@code from}: lseek(2) with SEEK_DATA, since Linux 3.1.
   *
   * @return empty if only a hole follows (ENXIO)
   */
  OptionalLong seekData(Fd fd, long from) throws ErrnoException;

  /**
   * Where the next hole begins at or after {@code from}, the end of the file counting as one:
   * lseek(2) with SEEK_HOLE, since Linux 3.1.
   */
  long seekHole(Fd fd, long from) throws ErrnoException;

  /**
   * Frees the bytes of a range, which then read as zeros; the size stays.
   *
   * @throws ErrnoException EOPNOTSUPP where the filesystem cannot
   * @see <a href="https://man7.org/linux/man-pages/man2/fallocate.2.html">fallocate(2)</a>,
   *     punching holes since Linux 2.6.38
   */
  void punchHole(Fd fd, long offset, long length) throws ErrnoException;

  /** Sets a file's size; what is added is a hole. */
  void ftruncate(Fd fd, long size) throws ErrnoException;

  /** Waits until the file is on stable storage; for a directory: its names. */
  void fsync(Fd fd) throws ErrnoException;

  /**
   * Writes back everything that is dirty on the filesystem the descriptor lies on, and waits.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/syncfs.2.html">syncfs(2)</a>, since Linux
   *     2.6.39; reports earlier write errors since 5.8
   */
  void syncfs(Fd fd) throws ErrnoException;

  /**
   * Takes a lock on an open file that other opens of it respect, in this process and in others. It
   * goes with {@link #unlock} or when the descriptor is closed, however the process ends.
   *
   * @param exclusive whether to share it with nobody
   * @return false if somebody else holds it (EWOULDBLOCK)
   * @see <a href="https://man7.org/linux/man-pages/man2/flock.2.html">flock(2)</a>
   */
  boolean tryLock(Fd fd, boolean exclusive) throws ErrnoException;

  /** Gives a lock back. */
  void unlock(Fd fd) throws ErrnoException;

  /**
   * Waits until the descriptor is ready.
   *
   * @param events what to wait for; HANG_UP and ERROR are reported anyway
   * @param timeout how long; rounded up to milliseconds
   * @return what happened, empty if nothing did in time
   * @see <a href="https://man7.org/linux/man-pages/man2/poll.2.html">poll(2)</a>
   */
  Set<PollEvent> poll(Fd fd, Set<PollEvent> events, Duration timeout) throws ErrnoException;

  /**
   * Two connected Unix sockets that keep message boundaries (SOCK_SEQPACKET).
   *
   * @return both ends, which the caller closes
   */
  FdPair socketpairSeqpacket() throws ErrnoException;

  /**
   * Whether a file in memory takes no more writes from descriptors that are opened now: it has the
   * seal against writes, or against future ones.
   *
   * @return false too for files that cannot be sealed at all
   * @see <a href="https://man7.org/linux/man-pages/man2/fcntl.2.html">F_GET_SEALS of fcntl(2)</a>,
   *     since Linux 3.17
   */
  boolean isWriteSealed(Fd fd) throws ErrnoException;

  /**
   * Connects to a Unix socket that keeps message boundaries (SOCK_SEQPACKET).
   *
   * @param path at most 107 bytes: go through {@link Fd#procPath} of a directory if it is longer
   * @return our end, which the caller closes
   * @throws ErrnoException ENOENT if there is none, ECONNREFUSED if nobody listens
   * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
   */
  Fd connectSeqpacket(Path path) throws ErrnoException;

  /** Two connected Unix stream sockets; the caller closes both. */
  FdPair socketpairStream() throws ErrnoException;

  /**
   * Makes room for so many bytes on their way out of a socket, also beyond the system's limit for
   * unprivileged processes.
   *
   * @throws ErrnoException EPERM without CAP_NET_ADMIN
   * @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>,
   *     SO_SNDBUFFORCE, since Linux 2.6.14
   */
  void setSendBuffer(Fd socket, int bytes) throws ErrnoException;

  /**
   * Says through every descriptor of this socket that we write no more: the other end reads the end
   * of the stream, and can still write. Once it is closed, poll reports HANG_UP here.
   *
   * @see <a href="https://man7.org/linux/man-pages/man2/shutdown.2.html">shutdown(2)</a>
   */
  void shutdownWrite(Fd socket) throws ErrnoException;

  /** A pipe: {@code first} reads, {@code second} writes. The caller closes both. */
  FdPair pipe() throws ErrnoException;

  /** A second descriptor for the same open file, numbered {@code atLeast} or higher. */
  Fd duplicate(Fd fd, int atLeast) throws ErrnoException;

  /** Whether it is a terminal. */
  boolean isatty(Fd fd);

  /**
   * The size of a terminal's window: ioctl TIOCGWINSZ.
   *
   * @throws ErrnoException ENOTTY if it is no terminal
   */
  WindowSize windowSize(Fd terminal) throws ErrnoException;

  /** Sets the size of a terminal's window, which sends SIGWINCH: ioctl TIOCSWINSZ. */
  void setWindowSize(Fd terminal, WindowSize size) throws ErrnoException;

  /**
   * A view of one of this process's own standard descriptors (0, 1, 2); closing it does nothing.
   */
  Fd standard(int number);
}
