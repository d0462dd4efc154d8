package io.podkit.migrate.memory.tracking;

import io.podkit.core.api.PodProcess;
import io.podkit.criu.image.MemoryImage;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PageScan;
import io.podkit.linux.PathAt;
import io.podkit.linux.Pid;
import io.podkit.linux.Syscalls;
import io.podkit.procfs.MemoryMapping;
import io.podkit.resource.UndoStack;
import io.podkit.userfault.UserfaultLender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one process: its mappings as they are now, and which of them are tracked. Read by
 * many threads, everything else by the tracker's.
 */
final class AddressSpace implements PageSource, AutoCloseable {
  private static final Path PROC = Path.of("/proc");

  private final Syscalls syscalls;
  private final PodProcess process;
  private final long memory;
  private @Nullable Fd uffd;
  private @Nullable Fd pagemap;
  private @Nullable Fd file;
  private @Nullable String untracked;
  private List<MemoryMapping> mappings = List.of();

  AddressSpace(Syscalls syscalls, PodProcess process) {
    this.syscalls = syscalls;
    this.process = process;
    this.memory = new MemoryImage(MemoryImage.Kind.TASK, process.podPid()).encoded();
  }

  PodProcess process() {
    return process;
  }

  Pid pid() {
    return process.pid();
  }

  @Override
  public long memory() {
    return memory;
  }

  /** Why nothing of it is tracked; null if it is, or was not tried yet. */
  @Nullable String untracked() {
    return untracked;
  }

  /** Gets a userfaultfd, once; the process must be able to run. */
  void track(UserfaultLender lender) {
    if (uffd != null || untracked != null) {
      return;
    }
    try {
      uffd = lender.borrow(pid());
    } catch (IOException e) {
      untracked = e.getMessage();
    }
  }

  /**
   * Looks at its mappings again; a program that was started in its place since then has others.
   *
   * @return false if it has ended
   */
  boolean refresh() throws IOException {
    mappings = MemoryMapping.of(PROC, pid()).orElse(List.of());
    close(pagemap);
    pagemap = null;
    if (mappings.isEmpty()) {
      return false;
    }
    try {
      pagemap = open("pagemap", OpenFlag.READ_WRITE);
      return true;
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ESRCH)) {
        return false;
      }
      throw e;
    }
  }

  List<MemoryMapping> mappings() {
    return mappings;
  }

  Fd pagemap() {
    if (pagemap == null) {
      throw new IllegalStateException("refresh comes first");
    }
    return pagemap;
  }

  boolean isTracked(MemoryMapping mapping, PageScan scratch) throws ErrnoException {
    try {
      return uffd != null && syscalls.isTracked(pagemap(), mapping.start(), scratch);
    } catch (ErrnoException e) {
      if (e.is(Errno.ESRCH)) {
        return false; // it has ended
      }
      throw e;
    }
  }

  /**
   * Begins to track one mapping; the process must stand still, or it may be changed at the same
   * time in a way that makes a later mremap of it fail.
   *
   * @return false if the kernel cannot track it
   */
  boolean track(MemoryMapping mapping) throws ErrnoException {
    if (uffd == null) {
      return false;
    }
    try {
      syscalls.trackWrites(uffd, mapping.start(), mapping.length());
      // What an earlier tracking left protected would look unwritten.
      syscalls.unprotect(uffd, mapping.start(), mapping.length());
      return true;
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOMEM) || e.is(Errno.ESRCH)) {
        forgetTracking(); // of the program that ran here before
        return false;
      }
      if (e.is(Errno.EINVAL) || e.is(Errno.EBUSY) || e.is(Errno.EPERM) || e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private void forgetTracking() throws ErrnoException {
    close(uffd);
    uffd = null;
  }

  @Override
  public long read(MemoryRanges ranges, NativeBuffer into) throws IOException {
    try {
      long got = syscalls.readMemory(pid(), ranges, into);
      return got == ranges.bytes() ? got : got + readPastProtection(ranges, got, into);
    } catch (ErrnoException e) {
      if (e.is(Errno.EFAULT)) {
        return readPastProtection(ranges, 0, into);
      }
      if (e.is(Errno.ESRCH)) {
        return 0;
      }
      throw e;
    }
  }

  /** The rest of the range that stopped a read: through a file that no PROT_NONE stops. */
  private long readPastProtection(MemoryRanges ranges, long done, NativeBuffer into)
      throws IOException {
    long skip = done;
    for (int i = 0; i < ranges.count(); i++) {
      long length = ranges.length(i);
      if (skip < length) {
        return readFile(ranges.address(i) + skip, length - skip, into.bytes());
      }
      skip -= length;
    }
    return 0;
  }

  private int readFile(long address, long length, ByteBuffer into) throws IOException {
    int limit = into.limit();
    int start = into.position();
    try {
      into.limit(start + (int) length);
      while (into.hasRemaining()
          && syscalls.pread(memoryFile(), into, address + into.position() - start) > 0) {
        // goes on where an unreadable page does not stop it
      }
      return into.position() - start;
    } catch (ErrnoException e) {
      if (e.is(Errno.EIO) || e.is(Errno.EFAULT) || e.is(Errno.ESRCH) || e.is(Errno.ENOENT)) {
        return into.position() - start;
      }
      throw e;
    } finally {
      into.limit(limit);
    }
  }

  private synchronized Fd memoryFile() throws ErrnoException {
    if (file == null) {
      file = open("mem", OpenFlag.READ);
    }
    return file;
  }

  private Fd open(String name, OpenFlag access) throws ErrnoException {
    return syscalls.open(
        PathAt.of(PROC.resolve(pid().toString()).resolve(name)), Set.of(access), 0);
  }

  private static void close(@Nullable Fd fd) throws ErrnoException {
    if (fd != null) {
      fd.close();
    }
  }

  /** Ends the tracking: nothing of it is left in the process. */
  @Override
  public void close() throws io.podkit.error.PodkitException {
    try (UndoStack open = new UndoStack("stop tracking " + pid())) {
      open.push("close its pagemap", () -> close(pagemap));
      open.push("close its memory", () -> close(file));
      open.push("close its userfaultfd", () -> close(uffd));
    }
  }

  @Override
  public String toString() {
    return "process " + process.podPid();
  }
}
