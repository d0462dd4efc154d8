package io.podkit.linux;

import io.podkit.linux.lib.LibC;
import io.podkit.linux.lib.NativeLibraries;
import io.podkit.process.ExitStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The real system calls, through glibc and JNR. EINTR is retried; otherwise no policy.
 *
 * <p>Here are the calls on descriptors and processes, {@link JnrPathCalls} has those on paths,
 * {@link JnrMemoryCalls} those on memory.
 */
public final class JnrSyscalls extends JnrMemoryCalls implements Syscalls {

  static final long SYS_PIDFD_SEND_SIGNAL = 424; // since Linux 5.1
  static final long SYS_PIDFD_OPEN = 434; // since Linux 5.3

  static final int SEEK_DATA = 3; // since Linux 3.1
  static final int SEEK_HOLE = 4;
  static final int FALLOC_KEEP_SIZE_AND_PUNCH_HOLE = 1 | 2; // since Linux 2.6.38

  static final int AF_UNIX = 1;
  static final int SOCK_STREAM = 1;
  static final int SOCK_SEQPACKET = 5;
  static final int SOCK_CLOEXEC = 02000000; // since Linux 2.6.27
  static final int SHUT_WR = 1;
  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUFFORCE = 32; // since Linux 2.6.14
  static final int F_GET_SEALS = 1034; // since Linux 3.17
  static final int F_SEAL_WRITE = 8;
  static final int F_SEAL_FUTURE_WRITE = 16; // since Linux 5.1
  static final int F_DUPFD_CLOEXEC = 1030; // since Linux 2.6.24

  static final int LOCK_SH = 1;
  static final int LOCK_EX = 2;
  static final int LOCK_NB = 4;
  static final int LOCK_UN = 8;

  static final long LOOP_CLR_FD = 0x4c01;
  static final long LOOP_GET_STATUS64 = 0x4c05;
  static final long LOOP_CONFIGURE = 0x4c0a; // since Linux 5.8
  static final long LOOP_CTL_GET_FREE = 0x4c82; // since Linux 3.1
  static final int SIZE_OF_LOOP_INFO64 = 232;
  static final int LOOP_INFO64_FLAGS = 52;
  static final int SIZE_OF_LOOP_CONFIG = 304;
  static final int LOOP_CONFIG_BLOCK_SIZE = 4;
  static final int LOOP_CONFIG_FLAGS = 60;

  static final long TIOCGWINSZ = 0x5413;
  static final long TIOCSWINSZ = 0x5414;
  static final int WNOHANG = 1;

  static final int PR_SET_SECUREBITS = 28; // since Linux 2.6.26
  static final int SECBIT_NO_SETUID_FIXUP = 1 << 2;

  static final int SIZE_OF_SOCKADDR_UN = 110;
  static final int SUN_PATH = 108;
  static final int SIZE_OF_WINSIZE = 8;
  static final int SIZE_OF_POLLFD = 8;

  private JnrSyscalls(LibC libc) {
    super(libc);
  }

  /**
   * The process's system calls. The first call loads JNR, which takes about a tenth of a second.
   *
   * @throws UnsatisfiedLinkError if the C library lacks a function, naming all that are missing
   */
  public static JnrSyscalls load() {
    return Holder.INSTANCE;
  }

  /**
   * Loads JNR for a later {@link #load}.
   *
   * @throws UnsatisfiedLinkError as that, which will throw it again
   */
  public static void preload() {
    NativeLibraries
        .libc(); // not the holder: a class that fails here would only say there that it did
  }

  private static final class Holder {
    static final JnrSyscalls INSTANCE = new JnrSyscalls(NativeLibraries.libc());
  }

  // --- descriptors ---

  @Override
  public int read(Fd fd, ByteBuffer into) throws ErrnoException {
    return advance(
        into,
        retry(() -> libc.read(fd.number(), direct(into), into.remaining()), "read", fd),
        true);
  }

  @Override
  public int write(Fd fd, ByteBuffer from) throws ErrnoException {
    return advance(
        from,
        retry(() -> libc.write(fd.number(), direct(from), from.remaining()), "write", fd),
        false);
  }

  @Override
  public int pread(Fd fd, ByteBuffer into, long offset) throws ErrnoException {
    int size = into.remaining();
    return advance(
        into,
        retry(() -> libc.pread64(fd.number(), direct(into), size, offset), "pread", fd),
        true);
  }

  @Override
  public int pwrite(Fd fd, ByteBuffer from, long offset) throws ErrnoException {
    int size = from.remaining();
    return advance(
        from,
        retry(() -> libc.pwrite64(fd.number(), direct(from), size, offset), "pwrite", fd),
        false);
  }

  private static ByteBuffer direct(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("the kernel needs a direct buffer");
    }
    return buffer;
  }

  private static int advance(ByteBuffer buffer, long moved, boolean reading) {
    if (moved == 0 && reading && buffer.hasRemaining()) {
      return -1;
    }
    buffer.position(buffer.position() + (int) moved);
    return (int) moved;
  }

  @Override
  public OptionalLong seekData(Fd fd, long from) throws ErrnoException {
    long at = libc.lseek64(fd.number(), from, SEEK_DATA);
    if (at == -1 && errno() == Errno.ENXIO) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(check(at, "lseek", fd));
  }

  @Override
  public long seekHole(Fd fd, long from) throws ErrnoException {
    return check(libc.lseek64(fd.number(), from, SEEK_HOLE), "lseek", fd);
  }

  @Override
  public void punchHole(Fd fd, long offset, long length) throws ErrnoException {
    int mode = FALLOC_KEEP_SIZE_AND_PUNCH_HOLE;
    retry(() -> libc.fallocate64(fd.number(), mode, offset, length), "fallocate", fd);
  }

  @Override
  public void ftruncate(Fd fd, long size) throws ErrnoException {
    retry(() -> libc.ftruncate64(fd.number(), size), "ftruncate", fd);
  }

  @Override
  public void fsync(Fd fd) throws ErrnoException {
    retry(() -> libc.fsync(fd.number()), "fsync", fd);
  }

  @Override
  public void syncfs(Fd fd) throws ErrnoException {
    retry(() -> libc.syncfs(fd.number()), "syncfs", fd);
  }

  @Override
  public boolean tryLock(Fd fd, boolean exclusive) throws ErrnoException {
    int operation = (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB;
    if (libc.flock(fd.number(), operation) == 0) {
      return true;
    }
    if (errno() == Errno.EAGAIN) {
      return false;
    }
    check(-1, "flock", fd);
    return false;
  }

  @Override
  public void unlock(Fd fd) throws ErrnoException {
    check(libc.flock(fd.number(), LOCK_UN), "flock", fd);
  }

  @Override
  public Set<PollEvent> poll(Fd fd, Set<PollEvent> events, Duration timeout) throws ErrnoException {
    long deadline = System.nanoTime() + timeout.toNanos();
    byte[] pollfd =
        struct(SIZE_OF_POLLFD).putInt(fd.number()).putShort((short) Bits.of(events)).array();
    while (true) {
      long left = Math.max(0, deadline - System.nanoTime());
      // Rounded up, or the last millisecond would be spent spinning.
      int milliseconds = (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
      int rc = libc.poll(pollfd, 1, milliseconds);
      if (rc >= 0) {
        short returned = ByteBuffer.wrap(pollfd).order(ByteOrder.nativeOrder()).getShort(6);
        return Bits.set(PollEvent.class, rc == 0 ? 0 : returned);
      }
      if (errno() != Errno.EINTR) {
        check(rc, "poll", fd);
      }
    }
  }

  @Override
  public FdPair socketpairSeqpacket() throws ErrnoException {
    return socketpair(SOCK_SEQPACKET);
  }

  @Override
  public boolean isWriteSealed(Fd fd) throws ErrnoException {
    int seals = libc.fcntl(fd.number(), F_GET_SEALS, 0);
    if (seals == -1 && errno() == Errno.EINVAL) {
      return false;
    }
    return (check(seals, "fcntl", fd) & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) != 0;
  }

  @Override
  public Fd connectSeqpacket(Path path) throws ErrnoException {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    if (name.length >= SUN_PATH) {
      throw new ErrnoException(Errno.ENAMETOOLONG, "connect", path.toString());
    }
    byte[] address = struct(SIZE_OF_SOCKADDR_UN).putShort((short) AF_UNIX).put(name).array();
    Fd socket = fd(check(libc.socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), "socket", path));
    try {
      check(libc.connect(socket.number(), address, address.length), "connect", path);
      return socket;
    } catch (ErrnoException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public FdPair socketpairStream() throws ErrnoException {
    return socketpair(SOCK_STREAM);
  }

  private FdPair socketpair(int type) throws ErrnoException {
    int[] fds = new int[2];
    check(libc.socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds), "socketpair", "unix");
    return new FdPair(fd(fds[0]), fd(fds[1]));
  }

  @Override
  public void setSendBuffer(Fd socket, int bytes) throws ErrnoException {
    int[] value = {bytes};
    int rc = libc.setsockopt(socket.number(), SOL_SOCKET, SO_SNDBUFFORCE, value, Integer.BYTES);
    check(rc, "setsockopt SO_SNDBUFFORCE", socket);
  }

  @Override
  public void shutdownWrite(Fd socket) throws ErrnoException {
    check(libc.shutdown(socket.number(), SHUT_WR), "shutdown", socket);
  }

  @Override
  public FdPair pipe() throws ErrnoException {
    int[] fds = new int[2];
    check(libc.pipe2(fds, (int) OpenFlag.CLOSE_ON_EXEC), "pipe2", "");
    return new FdPair(fd(fds[0]), fd(fds[1]));
  }

  @Override
  public Fd duplicate(Fd fd, int atLeast) throws ErrnoException {
    return fd(check(libc.fcntl(fd.number(), F_DUPFD_CLOEXEC, atLeast), "fcntl", fd));
  }

  @Override
  public boolean isatty(Fd fd) {
    return libc.isatty(fd.number()) == 1;
  }

  @Override
  public WindowSize windowSize(Fd terminal) throws ErrnoException {
    byte[] winsize = new byte[SIZE_OF_WINSIZE];
    check(libc.ioctl(terminal.number(), TIOCGWINSZ, winsize), "ioctl TIOCGWINSZ", terminal);
    ByteBuffer s = ByteBuffer.wrap(winsize).order(ByteOrder.nativeOrder());
    return new WindowSize(Short.toUnsignedInt(s.getShort(0)), Short.toUnsignedInt(s.getShort(2)));
  }

  @Override
  public void setWindowSize(Fd terminal, WindowSize size) throws ErrnoException {
    byte[] winsize =
        struct(SIZE_OF_WINSIZE)
            .putShort((short) size.rows())
            .putShort((short) size.columns())
            .array();
    check(libc.ioctl(terminal.number(), TIOCSWINSZ, winsize), "ioctl TIOCSWINSZ", terminal);
  }

  @Override
  public Fd standard(int number) {
    if (number > 2) {
      throw new IllegalArgumentException("not a standard descriptor: " + number);
    }
    return new Fd(number, n -> {});
  }

  // --- loop devices ---

  @Override
  public int loopGetFree(Fd control) throws ErrnoException {
    // The driver ignores the argument and answers with the number.
    int number = libc.ioctl(control.number(), LOOP_CTL_GET_FREE, new byte[0]);
    return (int) check(number, "ioctl LOOP_CTL_GET_FREE", control);
  }

  @Override
  public void loopConfigure(Fd device, Fd backing, Set<LoopFlag> flags, int blockSize)
      throws ErrnoException {
    byte[] config =
        struct(SIZE_OF_LOOP_CONFIG)
            .putInt(0, backing.number())
            .putInt(LOOP_CONFIG_BLOCK_SIZE, blockSize)
            .putInt(LOOP_CONFIG_FLAGS, (int) Bits.of(flags))
            .array();
    check(libc.ioctl(device.number(), LOOP_CONFIGURE, config), "ioctl LOOP_CONFIGURE", device);
  }

  @Override
  public Set<LoopFlag> loopFlags(Fd device) throws ErrnoException {
    byte[] info = new byte[SIZE_OF_LOOP_INFO64];
    check(libc.ioctl(device.number(), LOOP_GET_STATUS64, info), "ioctl LOOP_GET_STATUS64", device);
    int flags = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getInt(LOOP_INFO64_FLAGS);
    return Bits.set(LoopFlag.class, Integer.toUnsignedLong(flags));
  }

  @Override
  public void loopClear(Fd device) throws ErrnoException {
    check(libc.ioctl(device.number(), LOOP_CLR_FD, new byte[0]), "ioctl LOOP_CLR_FD", device);
  }

  // --- processes ---

  @Override
  public void kill(Pid pid, Signal signal) throws ErrnoException {
    check(libc.kill(pid.number(), signal.number()), "kill", "pid " + pid + ", " + signal);
  }

  @Override
  public Fd pidfdOpen(Pid pid) throws ErrnoException {
    return fd(
        check(libc.syscall(SYS_PIDFD_OPEN, pid.value(), 0L, 0L, 0L), "pidfd_open", "pid " + pid));
  }

  @Override
  public void pidfdSendSignal(Fd pidfd, Signal signal) throws ErrnoException {
    long rc = libc.syscall(SYS_PIDFD_SEND_SIGNAL, pidfd.number(), (long) signal.number(), 0L, 0L);
    check(rc, "pidfd_send_signal", pidfd + ", " + signal);
  }

  @Override
  public Optional<ExitStatus> waitpidNoHang(Pid child) throws ErrnoException {
    int[] status = new int[1];
    int rc = libc.waitpid(child.number(), status, WNOHANG);
    if (check(rc, "waitpid", "pid " + child) == 0) {
      return Optional.empty();
    }
    int signal = status[0] & 0x7f;
    return Optional.of(
        signal == 0 ? ExitStatus.exited((status[0] >> 8) & 0xff) : ExitStatus.signalled(signal));
  }

  @Override
  public FileOwnership createFilesAs(long uid, long gid) throws ErrnoException {
    int myUid = libc.setfsuid(-1);
    int myGid = libc.setfsgid(-1);
    setSecurebits(SECBIT_NO_SETUID_FIXUP); // or the next call would take capabilities away
    FileOwnership ownership =
        () -> {
          setFileIds(myUid, myGid);
          setSecurebits(0);
        };
    try {
      setFileIds((int) uid, (int) gid);
      return ownership;
    } catch (ErrnoException e) {
      ownership.close();
      throw e;
    }
  }

  private void setSecurebits(int bits) throws ErrnoException {
    check(libc.prctl(PR_SET_SECUREBITS, bits, 0, 0, 0), "prctl", "securebits");
  }

  /** Both calls return what was before and never an error: asked again, they tell what is. */
  private void setFileIds(int uid, int gid) throws ErrnoException {
    libc.setfsgid(gid);
    libc.setfsuid(uid);
    if (libc.setfsuid(-1) != uid || libc.setfsgid(-1) != gid) {
      throw new ErrnoException(Errno.EPERM, "setfsuid", uid + ":" + gid);
    }
  }
}
