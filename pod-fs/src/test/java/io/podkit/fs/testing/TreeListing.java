package io.podkit.fs.testing;

import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.FileType;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;

/** Everything one can see of a tree, a line for each entry, to compare two of them. */
public final class TreeListing {
  private final Syscalls sys;
  private final Map<Long, TreeSet<String>> names = new HashMap<>();
  private final Map<String, String> lines = new TreeMap<>();

  private TreeListing(Syscalls sys) {
    this.sys = sys;
  }

  /** Type, mode, owner, modification time, links, attributes, holes and content by path. */
  public static Map<String, String> of(Syscalls sys, Path directory) throws Exception {
    TreeListing listing = new TreeListing(sys);
    try (DirCursor cursor = DirCursor.open(sys, directory)) {
      Deque<String> pending = new ArrayDeque<>(Set.of(RawPath.ROOT));
      listing.add(RawPath.ROOT, PathAt.in(cursor.root(), "."));
      while (!pending.isEmpty()) {
        String path = pending.pop();
        for (byte[] name : cursor.names(path)) {
          String child = RawPath.child(path, RawPath.of(name));
          if (listing.add(child, cursor.at(child))) {
            pending.add(child);
          }
        }
      }
    }
    listing.names.forEach(
        (inode, group) -> {
          if (group.size() > 1) {
            group.forEach(path -> listing.lines.merge(path, " links=" + group, String::concat));
          }
        });
    return listing.lines;
  }

  private boolean add(String path, PathAt at) throws Exception {
    FileStat stat = sys.lstat(at);
    StringBuilder line = new StringBuilder(stat.type().toString());
    line.append(' ').append(Integer.toOctalString(stat.permissions()));
    line.append(' ').append(stat.uid()).append(':').append(stat.gid());
    line.append(' ').append(stat.modified()).append(' ').append(stat.node());
    for (String name : new TreeSet<>(sys.llistxattr(at))) {
      if (name.startsWith("trusted.overlay.") && !name.endsWith("opaque")) {
        continue;
      }
      line.append(' ').append(name).append('=').append(RawPath.of(sys.lgetxattr(at, name)));
    }
    if (stat.type() == FileType.SYMLINK) {
      line.append(" -> ").append(RawPath.of(sys.readlink(at)));
    } else if (stat.isRegular()) {
      line.append(content(at, stat.size()));
    }
    if (!stat.isDirectory()) {
      names.computeIfAbsent(stat.inode(), inode -> new TreeSet<>()).add(path);
    }
    lines.put(path, line.toString());
    return stat.isDirectory();
  }

  private String content(PathAt at, long size) throws Exception {
    StringBuilder shown = new StringBuilder(" size=" + size);
    CRC32 crc = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    try (Fd file = sys.open(at, Set.of(OpenFlag.READ), 0)) {
      OptionalLong data = sys.seekData(file, 0);
      while (data.isPresent()) {
        long hole = sys.seekHole(file, data.getAsLong());
        shown.append(" [").append(data.getAsLong()).append(',').append(hole).append(')');
        data = sys.seekData(file, hole);
      }
      for (long offset = 0; offset < size; offset += buffer.limit()) {
        buffer.clear();
        sys.pread(file, buffer, offset);
        crc.update(buffer.flip());
      }
    }
    return shown + " " + Long.toHexString(crc.getValue());
  }
}
