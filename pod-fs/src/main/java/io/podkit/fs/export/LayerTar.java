package io.podkit.fs.export;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.tree.XattrRules;
import io.podkit.linux.Device;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.FileType;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.linux.XattrCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a layer, or the upper directory of an overlay, as a layer's tar file: whiteouts and opaque
 * directories in the form that images have them. The same tree gives the same bytes. Sockets are
 * left out, as every tar program leaves them out.
 *
 * <p>One tree for each object; not thread-safe.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md">whiteouts</a>
 */
public final class LayerTar {
  private static final Set<OpenFlag> READ =
      EnumSet.of(OpenFlag.READ, OpenFlag.NO_FOLLOW, OpenFlag.NO_ATIME);
  private static final int BUFFER = 256 << 10;

  /** What an import takes at most. */
  private static final int MAX_DEPTH = 256;

  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE_FILE = WHITEOUT + WHITEOUT + ".opq";
  private static final String OVERLAY = "trusted.overlay.";
  private static final String OPAQUE = OVERLAY + "opaque";

  /** What these say cannot be said in a layer. Our own overlays never have them. */
  public static final Set<String> UNTOLD =
      Set.of(OVERLAY + "redirect", OVERLAY + "metacopy", OVERLAY + "whiteout");

  private final Syscalls sys;
  private final OutputStream out;
  private final TarWriter tar;
  private final Set<String> left;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] chunk = new byte[BUFFER];

  /** The path under which an inode of several names was written. */
  private final Map<Inode, String> written = new HashMap<>();

  /** A merged tree has inodes of several filesystems. */
  private record Inode(Device device, long number) {}

  /**
   * A writer.
   *
   * @param left raw paths that are left out, with all that lies beneath them
   * @param out flushed, not closed
   */
  public LayerTar(Syscalls sys, Set<String> left, OutputStream out) {
    this.sys = sys;
    this.left = left;
    this.out = out;
    this.tar = new TarWriter(out);
  }

  /**
   * Writes the tree beneath {@code directory}.
   *
   * @throws PodkitException REFUSED if something in it cannot be told in a layer, IO if it cannot
   *     be read
   * @throws IOException as {@code out} threw it
   */
  public void write(Path directory) throws PodkitException, IOException {
    try (DirCursor cursor = DirCursor.open(sys, directory)) {
      Deque<String> pending = new ArrayDeque<>();
      pending.push(RawPath.ROOT);
      while (!pending.isEmpty()) {
        String path = pending.pop();
        if (!left.contains(path) && entry(cursor, path)) {
          List<String> children = new ArrayList<>();
          for (byte[] name : cursor.names(path)) {
            children.add(RawPath.child(path, RawPath.of(name)));
          }
          children.sort(Collections.reverseOrder());
          children.forEach(pending::push);
        }
      }
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot read the files beneath " + directory, e);
    }
    tar.finish();
    out.flush();
  }

  /** Writes one entry; says whether it is a directory, whose entries follow. */
  private boolean entry(DirCursor cursor, String path) throws PodkitException, IOException {
    PathAt at = path.isEmpty() ? PathAt.in(cursor.root(), ".") : cursor.at(path);
    FileStat stat = find(at);
    if (stat == null) {
      return false; // it went away meanwhile
    }
    if (RawPath.name(path).startsWith(WHITEOUT)) {
      throw untold(path, "a name that begins with " + WHITEOUT);
    }
    if (RawPath.depth(path) > MAX_DEPTH) {
      throw untold(path, "more than " + MAX_DEPTH + " levels of directories");
    }
    SortedMap<String, byte[]> xattrs = xattrs(at, path);
    byte[] overlay = xattrs.remove(OPAQUE);
    boolean opaque = overlay != null && RawPath.of(overlay).equals("y");
    switch (stat.type()) {
      case DIRECTORY -> {
        String name = path.isEmpty() ? "./" : path + "/";
        tar.header(header(name, TarHeader.DIRECTORY, stat, "", 0, xattrs));
        if (opaque) {
          tar.file(RawPath.child(path, OPAQUE_FILE), new byte[0]);
        }
        return true;
      }
      case REGULAR -> {
        if (!linked(path, stat)) {
          file(at, path, stat, xattrs);
        }
      }
      case SYMLINK -> {
        if (!linked(path, stat)) {
          String target = RawPath.of(sys.readlink(at));
          tar.header(header(path, TarHeader.SYMLINK, stat, target, 0, xattrs));
        }
      }
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> node(path, stat, xattrs);
      case SOCKET -> {} // only its program could listen on it, and makes it anew
    }
    return false;
  }

  private void node(String path, FileStat stat, SortedMap<String, byte[]> xattrs)
      throws IOException {
    boolean character = stat.type() == FileType.CHARACTER_DEVICE;
    if (character && stat.node().equals(Device.NONE)) {
      String hidden = WHITEOUT + RawPath.name(path);
      tar.file(RawPath.child(RawPath.parent(path), hidden), new byte[0]);
    } else if (!linked(path, stat)) {
      char type =
          stat.type() == FileType.FIFO
              ? TarHeader.FIFO
              : character ? TarHeader.CHARACTER_DEVICE : TarHeader.BLOCK_DEVICE;
      tar.header(header(path, type, stat, "", 0, xattrs));
    }
  }

  /** A further name of what was written already. */
  private boolean linked(String path, FileStat stat) throws IOException {
    if (stat.links() < 2) {
      return false;
    }
    String first = written.putIfAbsent(new Inode(stat.device(), stat.inode()), path);
    if (first != null) {
      tar.header(header(path, TarHeader.HARD_LINK, stat, first, 0, new TreeMap<>()));
    }
    return first != null;
  }

  private void file(PathAt at, String path, FileStat stat, SortedMap<String, byte[]> xattrs)
      throws IOException {
    try (Fd file = sys.open(at, READ, 0)) {
      DataMap map = DataMap.of(sys, file, stat.size());
      if (map.isWhole()) {
        tar.header(header(path, TarHeader.FILE, stat, "", stat.size(), xattrs));
        copy(file, map);
        tar.pad(stat.size());
      } else {
        sparse(file, path, stat, xattrs, map);
      }
    }
  }

  /** GNU tar's format 1.0, which Go's and Python's readers know, too. */
  private void sparse(
      Fd file, String path, FileStat stat, SortedMap<String, byte[]> xattrs, DataMap map)
      throws IOException {
    StringBuilder lines = new StringBuilder().append(map.extents().size()).append('\n');
    for (DataMap.Extent extent : map.extents()) {
      lines.append(extent.offset()).append('\n').append(extent.length()).append('\n');
    }
    byte[] list = RawPath.bytes(lines.toString());
    long size = TarWriter.padded(list.length) + map.stored();
    Map<String, String> records = new LinkedHashMap<>();
    records.put("GNU.sparse.major", "1");
    records.put("GNU.sparse.minor", "0");
    records.put("GNU.sparse.name", path);
    records.put("GNU.sparse.realsize", Long.toString(map.size()));
    String name = RawPath.child(RawPath.parent(path), "GNUSparseFile.0");
    tar.header(
        header(RawPath.child(name, RawPath.name(path)), TarHeader.FILE, stat, "", size, xattrs),
        records);
    out.write(list);
    tar.pad(list.length);
    copy(file, map);
    tar.pad(size);
  }

  /** Zeros stand for what was cut off meanwhile: the header has promised so many bytes. */
  private void copy(Fd file, DataMap map) throws IOException {
    for (DataMap.Extent extent : map.extents()) {
      long end = extent.offset() + extent.length();
      for (long offset = extent.offset(); offset < end; ) {
        int wanted = (int) Math.min(BUFFER, end - offset);
        buffer.clear().limit(wanted);
        int got = Math.max(0, sys.pread(file, buffer, offset));
        buffer.flip().get(chunk, 0, got);
        int length = got == 0 ? wanted : got;
        Arrays.fill(chunk, got, length, (byte) 0);
        out.write(chunk, 0, length);
        offset += length;
      }
    }
  }

  private static TarHeader header(
      String path,
      char type,
      FileStat stat,
      String link,
      long size,
      SortedMap<String, byte[]> xattrs) {
    boolean node = type == TarHeader.CHARACTER_DEVICE || type == TarHeader.BLOCK_DEVICE;
    Instant modified = stat.modified();
    return new TarHeader(
        path,
        type,
        stat.permissions(),
        stat.uid(),
        stat.gid(),
        modified,
        link,
        node ? stat.node() : Device.NONE,
        size,
        xattrs);
  }

  private SortedMap<String, byte[]> xattrs(PathAt at, String path)
      throws PodkitException, ErrnoException {
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    List<String> names;
    try {
      names = sys.llistxattr(at);
    } catch (ErrnoException e) {
      if (XattrCalls.NO_XATTRS.contains(e.errno())) {
        return xattrs;
      }
      throw e;
    }
    for (String name : names) {
      if (UNTOLD.contains(name)) {
        throw untold(path, "the attribute " + name);
      }
      byte[] value = sys.lgetxattr(at, name);
      if (XattrRules.inImages(name, value)) {
        xattrs.put(name, value);
      }
    }
    return xattrs;
  }

  private @Nullable FileStat find(PathAt at) throws ErrnoException {
    try {
      return sys.lstat(at);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return null;
      }
      throw e;
    }
  }

  private static PodkitException untold(String path, String what) {
    return PodkitException.refused(
        "no layer can be made of it: " + RawPath.shown(path) + " has " + what);
  }
}
