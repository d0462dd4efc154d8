package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import io.podkit.migrate.memory.tracking.PageSource;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Memory of a process that is a map: what is not in it was unmapped. */
final class FakeMemory implements PageSource {
  private final long memory;
  private final Map<Long, byte[]> pages = new ConcurrentHashMap<>();
  private volatile boolean unreadable;
  private volatile boolean broken;

  FakeMemory(long memory) {
    this.memory = memory;
  }

  FakeMemory with(long address, byte[] content) {
    pages.put(address, content);
    return this;
  }

  /** What the page holds, which must be there. */
  byte[] at(long address) {
    return Objects.requireNonNull(pages.get(address));
  }

  /** Reading fails from now on. */
  void becomeUnreadable() {
    unreadable = true;
  }

  /** Reading ends in an error of the program from now on. */
  void becomeBroken() {
    broken = true;
  }

  @Override
  public long memory() {
    return memory;
  }

  @Override
  public long read(MemoryRanges ranges, NativeBuffer into) throws IOException {
    if (unreadable) {
      throw new IOException("process_vm_readv: EPERM");
    }
    if (broken) {
      throw new IllegalStateException("a mistake of ours");
    }
    long got = 0;
    for (int range = 0; range < ranges.count(); range++) {
      long end = ranges.address(range) + ranges.length(range);
      for (long at = ranges.address(range); at < end; at += PageRun.PAGE_SIZE) {
        byte[] page = pages.get(at);
        if (page == null) {
          return got;
        }
        into.bytes().put(page);
        got += page.length;
      }
    }
    return got;
  }

  @Override
  public String toString() {
    return "process 7";
  }
}
