package io.podkit.linux;

/** Other processes' memory, part of {@link Syscalls}. Addresses are multiples of the page size. */
public interface MemoryCalls {

  /**
   * A copy of another process's descriptor.
   *
   * @throws ErrnoException EBADF if it has none of that number, ESRCH if it has ended, EPERM
   * @see <a href="https://man7.org/linux/man-pages/man2/pidfd_getfd.2.html">pidfd_getfd(2)</a>,
   *     since Linux 5.6
   */
  Fd pidfdGetfd(Fd pidfd, int number) throws ErrnoException;

  /**
   * Reads ranges of memory into a buffer, one behind the other from its position, and advances the
   * position.
   *
   * @param ranges at most 512
   * @return bytes read: fewer than asked for where an unreadable page comes
   * @throws ErrnoException EFAULT if not even the first byte can be read; ESRCH
   * @see <a
   *     href="https://man7.org/linux/man-pages/man2/process_vm_readv.2.html">process_vm_readv(2)</a>
   */
  long readMemory(Pid pid, MemoryRanges ranges, NativeBuffer into) throws ErrnoException;

  /**
   * Writes a buffer, from its position to its limit, into memory, and advances the position.
   *
   * @return bytes written: fewer where a page comes that cannot be written to
   * @throws ErrnoException EFAULT if not even the first byte can be written; ESRCH
   */
  long writeMemory(Pid pid, long address, NativeBuffer from) throws ErrnoException;

  /**
   * Begins to track writes to a range of the address space that a userfaultfd belongs to.
   *
   * @param uffd with UFFD_FEATURE_WP_ASYNC
   * @throws ErrnoException EINVAL if part of the range is not mapped or cannot be tracked, EBUSY if
   *     another userfaultfd has it, ENOMEM if the process has ended
   * @see <a
   *     href="https://man7.org/linux/man-pages/man2/UFFDIO_REGISTER.2const.html">UFFDIO_REGISTER</a>
   */
  void trackWrites(Fd uffd, long start, long length) throws ErrnoException;

  /** Lets writes to a tracked range pass: every page in it counts as written to. */
  void unprotect(Fd uffd, long start, long length) throws ErrnoException;

  /**
   * Finds pages.
   *
   * @param pagemap /proc/PID/pagemap
   * @throws ErrnoException EINVAL if the kernel does not know one of the categories
   */
  void scanPages(Fd pagemap, long start, long end, PageQuery query, PageScan into)
      throws ErrnoException;

  /**
   * Whether the mapping around an address is tracked. Asks about one page: over a range the kernel
   * would answer for what it met first.
   */
  boolean isTracked(Fd pagemap, long address, PageScan scratch) throws ErrnoException;
}
