package io.podkit.fs.volume;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.FileType;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import io.podkit.linux.XattrCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Digests of what lies at a place. Every part goes in with its length before it, so that no two
 * different trees give the same bytes. For one use.
 */
final class PlaceDigest {

  private static final Set<OpenFlag> READ =
      EnumSet.of(OpenFlag.READ, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCKING);
  private static final Set<ResolveFlag> PLAIN = EnumSet.of(ResolveFlag.NO_SYMLINKS);
  private static final Set<String> SECURITY =
      Set.of("security.capability", "system.posix_acl_access", "system.posix_acl_default");
  private static final int BLOCK = 1 << 20;

  private final Syscalls sys;
  private final MessageDigest digest;

  /** For the names of one inode: the first. */
  private final Map<Long, String> linked = new HashMap<>();

  PlaceDigest(Syscalls sys) {
    this.sys = sys;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Of all that a reader could tell apart. */
  String content(Path place) throws PodkitException {
    new PlaceWalk(sys).walk(place, this::content);
    return finish();
  }

  /** Of what any change moves. */
  String stamp(Path place) throws PodkitException {
    new PlaceWalk(sys).walk(place, this::stamp);
    return finish();
  }

  private String finish() {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private void content(String path, PathAt at, FileStat stat) throws PodkitException, IOException {
    text(path);
    number(stat.type() == FileType.SYMLINK ? stat.type().bits() : stat.mode());
    number(stat.uid());
    number(stat.gid());
    if (stat.links() > 1 && !stat.isDirectory()) {
      String first = linked.putIfAbsent(stat.inode(), path);
      if (first != null) {
        text(first);
        return;
      }
    }
    attributes(at);
    switch (stat.type()) {
      case REGULAR -> bytes(path, at, stat.size());
      case SYMLINK -> part(sys.readlink(at));
      case CHARACTER_DEVICE, BLOCK_DEVICE -> text(stat.node().toString());
      case DIRECTORY, FIFO, SOCKET -> {}
    }
  }

  private void stamp(String path, PathAt at, FileStat stat) {
    text(path);
    number(stat.inode());
    number(stat.size());
    // The place itself is renamed, and marked, by Podkit.
    if (!path.isEmpty()) {
      time(stat.changed());
    } else if (!stat.isDirectory()) {
      time(stat.modified());
    }
    number(stat.mode());
    number(stat.uid());
    number(stat.gid());
  }

  private void attributes(PathAt at) throws ErrnoException {
    Set<String> names = new TreeSet<>();
    try {
      sys.llistxattr(at).stream().filter(PlaceDigest::counts).forEach(names::add);
    } catch (ErrnoException e) {
      if (!XattrCalls.NO_XATTRS.contains(e.errno())) {
        throw e;
      }
    }
    number(names.size());
    for (String name : names) {
      text(name);
      try {
        part(sys.lgetxattr(at, name));
      } catch (ErrnoException e) {
        if (!e.is(Errno.ENODATA)) { // removed since it was listed
          throw e;
        }
      }
    }
  }

  /** The same as travel with a tree. */
  private static boolean counts(String name) {
    return name.startsWith("user.")
        || (name.startsWith("trusted.") && !name.startsWith("trusted.overlay."))
        || SECURITY.contains(name);
  }

  private void bytes(String path, PathAt at, long size) throws PodkitException, IOException {
    number(size);
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    long left = size;
    try (Fd file = path.isEmpty() ? sys.open(at, READ, 0) : sys.openat2(at, READ, 0, PLAIN)) {
      while (left > 0) {
        block.clear().limit((int) Math.min(BLOCK, left));
        int count = sys.read(file, block);
        if (count <= 0) {
          throw PodkitException.conflict(
              "cannot compare " + RawPath.shown(path) + ": it changes while it is read");
        }
        digest.update(block.flip());
        left -= count;
      }
    }
  }

  private void time(Instant time) {
    number(time.getEpochSecond());
    number(time.getNano());
  }

  private void text(String raw) {
    part(raw.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void part(byte[] bytes) {
    number(bytes.length);
    digest.update(bytes);
  }

  private void number(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
  }
}
