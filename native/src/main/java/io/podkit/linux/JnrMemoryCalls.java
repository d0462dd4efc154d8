package io.podkit.linux;

import io.podkit.linux.lib.LibC;
import java.nio.ByteBuffer;
import java.util.Set;

/** The real calls on other processes' memory. */
abstract class JnrMemoryCalls extends JnrPathCalls implements MemoryCalls {

  static final long SYS_PIDFD_GETFD = 438; // since Linux 5.6

  static final long UFFDIO_REGISTER = 0xc020aa00L;
  static final long UFFDIO_WRITEPROTECT = 0xc018aa06L;
  static final long UFFDIO_REGISTER_MODE_WP = 1 << 1;
  static final int SIZE_OF_UFFDIO_REGISTER = 32;
  static final int SIZE_OF_UFFDIO_WRITEPROTECT = 24;
  static final long PAGEMAP_SCAN = 0xc0606610L; // since Linux 6.7

  private static final int SIZE_OF_IOVEC = 16;
  private static final int PAGE = 4096;
  private static final PageQuery ANY_WRITTEN =
      new PageQuery(Set.of(PageCategory.WRITTEN), Set.of(), Set.of(), false);

  JnrMemoryCalls(LibC libc) {
    super(libc);
  }

  @Override
  public Fd pidfdGetfd(Fd pidfd, int number) throws ErrnoException {
    long rc = libc.syscall(SYS_PIDFD_GETFD, pidfd.number(), (long) number, 0L, 0L);
    return fd(check(rc, "pidfd_getfd", pidfd + ", " + number));
  }

  @Override
  public long readMemory(Pid pid, MemoryRanges ranges, NativeBuffer into) throws ErrnoException {
    byte[] local = local(into);
    byte[] remote = ranges.vector();
    int count = ranges.count();
    long got =
        retry(
            () -> libc.process_vm_readv(pid.number(), local, 1, remote, count, 0),
            "process_vm_readv",
            pid);
    return advance(into, got);
  }

  @Override
  public long writeMemory(Pid pid, long address, NativeBuffer from) throws ErrnoException {
    byte[] local = local(from);
    byte[] remote = iovec(address, from.bytes().remaining());
    long put =
        retry(
            () -> libc.process_vm_writev(pid.number(), local, 1, remote, 1, 0),
            "process_vm_writev",
            pid);
    return advance(from, put);
  }

  private static byte[] local(NativeBuffer buffer) {
    ByteBuffer bytes = buffer.bytes();
    return iovec(buffer.address() + bytes.position(), bytes.remaining());
  }

  private static byte[] iovec(long address, long length) {
    return struct(SIZE_OF_IOVEC).putLong(address).putLong(length).array();
  }

  private static long advance(NativeBuffer buffer, long count) {
    buffer.bytes().position(buffer.bytes().position() + (int) count);
    return count;
  }

  @Override
  public void trackWrites(Fd uffd, long start, long length) throws ErrnoException {
    byte[] register =
        struct(SIZE_OF_UFFDIO_REGISTER)
            .putLong(start)
            .putLong(length)
            .putLong(UFFDIO_REGISTER_MODE_WP)
            .array();
    check(libc.ioctl(uffd.number(), UFFDIO_REGISTER, register), "UFFDIO_REGISTER", range(start));
  }

  @Override
  public void unprotect(Fd uffd, long start, long length) throws ErrnoException {
    byte[] protect =
        struct(SIZE_OF_UFFDIO_WRITEPROTECT).putLong(start).putLong(length).putLong(0).array();
    check(
        libc.ioctl(uffd.number(), UFFDIO_WRITEPROTECT, protect),
        "UFFDIO_WRITEPROTECT",
        range(start));
  }

  @Override
  public void scanPages(Fd pagemap, long start, long end, PageQuery query, PageScan into)
      throws ErrnoException {
    scan(pagemap, start, end, query.protect() ? PageScan.PROTECT_MATCHING : 0, query, into);
  }

  @Override
  public boolean isTracked(Fd pagemap, long address, PageScan scratch) throws ErrnoException {
    try {
      scan(pagemap, address, address + PAGE, PageScan.CHECK_TRACKED, ANY_WRITTEN, scratch);
      return true;
    } catch (ErrnoException e) {
      if (e.is(Errno.EPERM)) {
        return false;
      }
      throw e;
    }
  }

  private void scan(Fd pagemap, long start, long end, long flags, PageQuery query, PageScan into)
      throws ErrnoException {
    NativeBuffer argument = into.prepare(start, end, flags, query);
    into.found(
        retry(
            () -> libc.ioctl(pagemap.number(), PAGEMAP_SCAN, argument.bytes().clear()),
            "PAGEMAP_SCAN",
            range(start)));
  }

  private static String range(long start) {
    return "from " + Long.toHexString(start);
  }
}
