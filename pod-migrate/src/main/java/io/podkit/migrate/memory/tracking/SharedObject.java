package io.podkit.migrate.memory.tracking;

import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Pid;
import io.podkit.linux.Syscalls;
import io.podkit.procfs.MemoryMapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Memory that processes share, read as the file that the kernel keeps it in: what one of them wrote
 * before it ended is in there too. Addresses are offsets.
 */
final class SharedObject implements PageSource, AutoCloseable {
  /**
   * Which object.
   *
   * @param major of the kernel's own file system for such memory
   */
  record Key(int major, int minor, long inode) {
    static Key of(MemoryMapping mapping) {
      return new Key(mapping.major(), mapping.minor(), mapping.inode());
    }
  }

  /** Where a process has it in its address space. */
  record Place(long podPid, MemoryMapping mapping) {}

  private final Syscalls syscalls;
  private final Key key;
  private Place place;
  private final Fd file;
  private final BitSet written = new BitSet();
  private boolean sentWhole;

  private SharedObject(Syscalls syscalls, Key key, Place place, Fd file) {
    this.syscalls = syscalls;
    this.key = key;
    this.place = place;
    this.file = file;
  }

  /** Opens what a process has mapped there. */
  static SharedObject open(Syscalls syscalls, Pid pid, Place place) throws ErrnoException {
    MemoryMapping mapping = place.mapping();
    String range = Long.toHexString(mapping.start()) + "-" + Long.toHexString(mapping.end());
    Path link = Path.of("/proc", pid.toString(), "map_files", range);
    Fd file = syscalls.open(PathAt.of(link), Set.of(OpenFlag.READ), 0);
    return new SharedObject(syscalls, Key.of(mapping), place, file);
  }

  /** Whether nobody can fill another one like it: CRIU can, before it seals it. */
  boolean isSealed() throws ErrnoException {
    return syscalls.isWriteSealed(file);
  }

  Key key() {
    return key;
  }

  /** Where it is mapped, as far as was last seen. */
  Place place() {
    return place;
  }

  /** Notes where it is mapped now. */
  SharedObject at(long podPid, MemoryMapping mapping) {
    place = new Place(podPid, mapping);
    return this;
  }

  @Override
  public long memory() {
    return new MemoryImage(MemoryImage.Kind.SHARED, key.inode()).encoded();
  }

  @Override
  public boolean isShared() {
    return true;
  }

  /** Notes pages that were written to through one mapping. */
  void written(MemoryMapping mapping, long start, long end) {
    long first = start - mapping.start() + mapping.offset();
    written.set(page(first), page(first + end - start));
  }

  private static int page(long offset) {
    return Math.toIntExact(offset / PageRun.PAGE_SIZE);
  }

  /** Hands on what was noted since the last time; all of it the first time. */
  void sendWritten(RunSink sink) throws PodkitException, ErrnoException {
    if (sentWhole) {
      int first = written.nextSetBit(0);
      while (first >= 0) {
        int end = written.nextClearBit(first);
        sink.run(this, (long) first * PageRun.PAGE_SIZE, end - first);
        first = written.nextSetBit(end);
      }
    } else {
      sendAll(sink);
    }
    written.clear();
  }

  /** Hands on everything it holds. */
  void sendAll(RunSink sink) throws PodkitException, ErrnoException {
    sentWhole = true;
    OptionalLong data = syscalls.seekData(file, 0);
    while (data.isPresent()) {
      long start = data.getAsLong() & -PageRun.PAGE_SIZE;
      long hole = syscalls.seekHole(file, data.getAsLong());
      long end = (hole + PageRun.PAGE_SIZE - 1) & -PageRun.PAGE_SIZE;
      sink.run(this, start, (end - start) / PageRun.PAGE_SIZE);
      data = syscalls.seekData(file, end);
    }
  }

  @Override
  public long read(MemoryRanges ranges, NativeBuffer into) throws IOException {
    ByteBuffer bytes = into.bytes();
    int limit = bytes.limit();
    try {
      for (int i = 0; i < ranges.count(); i++) {
        long from = bytes.position();
        bytes.limit(bytes.position() + (int) ranges.length(i));
        while (bytes.hasRemaining()) {
          long offset = ranges.address(i) + bytes.position() - from;
          if (syscalls.pread(file, bytes, offset) <= 0) {
            zeros(bytes); // past its end: the last page of an object that is no multiple of one
          }
        }
      }
      return ranges.bytes();
    } finally {
      bytes.limit(limit);
    }
  }

  private static void zeros(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      bytes.put((byte) 0);
    }
  }

  @Override
  public void close() throws PodkitException {
    try {
      file.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot close shared memory", e);
    }
  }

  @Override
  public String toString() {
    return "shared memory " + key.inode();
  }
}
