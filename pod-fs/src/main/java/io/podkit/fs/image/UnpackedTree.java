package io.podkit.fs.image;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.export.LayerTar;
import io.podkit.fs.tree.XattrRules;
import io.podkit.linux.Device;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.FileType;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory that an image's tree grows in, entry by entry; the kernel keeps every path in it.
 */
final class UnpackedTree implements AutoCloseable {

  private static final Set<OpenFlag> PLACE = EnumSet.of(OpenFlag.PATH, OpenFlag.DIRECTORY);
  private static final Set<OpenFlag> CREATE =
      EnumSet.of(OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);
  private static final Set<ResolveFlag> IN_ROOT =
      EnumSet.of(ResolveFlag.IN_ROOT, ResolveFlag.NO_MAGICLINKS, ResolveFlag.NO_XDEV);

  private static final int BUFFER = 256 * 1024;

  /**
   * How an overlay tells it.
   *
   * @see <a href="https://docs.kernel.org/filesystems/overlayfs.html">whiteouts and opaque
   *     directories</a>
   */
  private static final String OPAQUE = "trusted.overlay.opaque";

  private static final byte[] YES = {'y'};

  /** Of directories that no entry describes. */
  private static final int IMPLIED = 0755;

  private final Syscalls sys;
  private final Fd root;
  private final TreeRemover remover;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final Map<String, Instant> directoryTimes = new LinkedHashMap<>();

  /** The parent of the last entry, kept open: the next one is usually beside it. */
  private String parent = "/";

  private @Nullable Fd parentFd;

  private UnpackedTree(Syscalls sys, Fd root) {
    this.sys = sys;
    this.root = root;
    this.remover = new TreeRemover(sys);
  }

  static UnpackedTree open(Syscalls sys, Path directory) throws ErrnoException {
    Fd root = sys.openDirectory(PathAt.of(directory));
    UnpackedTree tree = new UnpackedTree(sys, root);
    sys.chmod(PathAt.in(root, "."), IMPLIED);
    tree.directoryTimes.put(RawPath.ROOT, Instant.EPOCH);
    return tree;
  }

  void directory(String path, TarEntry entry) throws PodkitException, IOException {
    PathAt at = path.isEmpty() ? PathAt.in(root, ".") : place(path);
    if (!path.isEmpty()) {
      FileStat there = lstat(at);
      if (there == null || !there.isDirectory()) {
        makeWay(path, there);
        at = place(path);
        sys.mkdir(at, IMPLIED);
      }
    }
    describe(at, entry);
    directoryTimes.put(path, entry.modified());
  }

  void file(String path, TarEntry entry, TarReader data) throws PodkitException, IOException {
    PathAt at = place(path);
    makeWay(path, lstat(at));
    try (Fd file = sys.openat2(place(path), CREATE, 0600, Set.of(ResolveFlag.BENEATH))) {
      data.readData((offset, bytes, length) -> write(file, offset, bytes, length));
      if (sys.fstat(file).size() < entry.size()) {
        sys.ftruncate(file, entry.size());
      }
    }
    describe(place(path), entry);
    sys.utimensat(place(path), entry.modified(), entry.modified());
  }

  void symlink(String path, TarEntry entry) throws PodkitException, IOException {
    PathAt at = place(path);
    makeWay(path, lstat(at));
    if (entry.link().isEmpty()) {
      throw TarUnpacker.refused("link " + RawPath.shown(path) + " points nowhere");
    }
    sys.symlink(RawPath.bytes(entry.link()), place(path));
    describe(place(path), entry);
    sys.utimensat(place(path), entry.modified(), entry.modified());
  }

  /** A FIFO or device node. Nodes are harmless here: layers are mounted without them. */
  void node(String path, TarEntry entry) throws PodkitException, IOException {
    PathAt at = place(path);
    makeWay(path, lstat(at));
    FileType type = Objects.requireNonNull(entry.type());
    sys.mknod(place(path), type, 0600, entry.device());
    describe(place(path), entry);
    sys.utimensat(place(path), entry.modified(), entry.modified());
  }

  void hardLink(String path, String existing) throws PodkitException, IOException {
    try (Fd from = openParent(RawPath.parent(existing))) {
      PathAt old = PathAt.in(from, RawPath.bytes(RawPath.name(existing)));
      FileStat there = lstat(old);
      if (existing.isEmpty() || there == null || there.isDirectory()) {
        throw TarUnpacker.refused(
            "link "
                + RawPath.shown(path)
                + " names "
                + RawPath.shown(existing)
                + ", which is no file of the image");
      }
      FileStat replaced = lstat(place(path));
      if (replaced != null && replaced.inode() == there.inode()) {
        return; // an entry that links to itself
      }
      makeWay(path, replaced);
      sys.link(old, place(path));
    }
  }

  /** Hides what lower layers have there, unless this one has something itself. */
  void whiteout(String path) throws PodkitException, IOException {
    FileStat there = lstat(place(path));
    if (there == null) {
      sys.mknod(place(path), FileType.CHARACTER_DEVICE, 0, Device.NONE);
      sys.utimensat(place(path), Instant.EPOCH, Instant.EPOCH);
    } else if (there.isDirectory()) {
      opaque(path);
    }
  }

  /** Hides what lower layers have in a directory. */
  void opaque(String path) throws PodkitException, IOException {
    try (Fd directory = openParent(path)) {
      sys.lsetxattr(PathAt.in(directory, "."), OPAQUE, YES);
    }
  }

  /** Gives the directories their times. */
  void finish() throws IOException {
    for (Map.Entry<String, Instant> entry : directoryTimes.entrySet()) {
      try (Fd place = open(entry.getKey())) {
        sys.utimensat(PathAt.in(place, "."), entry.getValue(), entry.getValue());
      } catch (ErrnoException e) {
        if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR)) { // replaced by a later entry
          throw e;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    leaveParent();
    root.close();
  }

  /** Owner first: a change of owner clears set-uid bits and capabilities. */
  private void describe(PathAt at, TarEntry entry) throws PodkitException, IOException {
    if (entry.uid() < 0 || entry.gid() < 0 || Math.max(entry.uid(), entry.gid()) >= 0xffffffffL) {
      throw TarUnpacker.refused(RawPath.shown(entry.path()) + " belongs to an impossible user");
    }
    sys.lchown(at, entry.uid(), entry.gid());
    if (entry.type() != FileType.SYMLINK) {
      sys.chmod(at, entry.permissions());
    }
    for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
      if (LayerTar.UNTOLD.contains(xattr.getKey())) {
        throw TarUnpacker.refused(
            RawPath.shown(entry.path())
                + " has the attribute "
                + xattr.getKey()
                + ", which points out of the layer");
      }
      if (XattrRules.inImages(xattr.getKey(), xattr.getValue())) {
        sys.lsetxattr(at, xattr.getKey(), xattr.getValue());
      }
    }
  }

  private void write(Fd file, long offset, byte[] bytes, int length) throws IOException {
    buffer.clear().put(bytes, 0, length).flip();
    long at = offset;
    while (buffer.hasRemaining()) {
      at += sys.pwrite(file, buffer, at);
    }
  }

  private PathAt place(String path) throws PodkitException, IOException {
    String wanted = RawPath.parent(path);
    Fd fd = parentFd;
    if (fd == null || !parent.equals(wanted)) {
      leaveParent();
      fd = openParent(wanted);
      parentFd = fd;
      parent = wanted;
    }
    return PathAt.in(fd, RawPath.bytes(RawPath.name(path)));
  }

  private void leaveParent() throws ErrnoException {
    Fd fd = parentFd;
    parentFd = null;
    if (fd != null) {
      fd.close();
    }
  }

  /** Opens a directory, making what is missing on the way to it. */
  private Fd openParent(String path) throws PodkitException, IOException {
    try {
      return open(path);
    } catch (ErrnoException e) {
      if (path.isEmpty() || !e.is(Errno.ENOENT)) {
        throw outside(path, e);
      }
    }
    try (Fd above = openParent(RawPath.parent(path))) {
      PathAt at = PathAt.in(above, RawPath.bytes(RawPath.name(path)));
      if (sys.mkdir(at, IMPLIED)) {
        sys.chmod(at, IMPLIED); // whatever our umask is
        directoryTimes.put(path, Instant.EPOCH);
      }
      return open(path);
    } catch (ErrnoException e) {
      throw outside(path, e);
    }
  }

  private Fd open(String path) throws ErrnoException {
    byte[] relative = RawPath.bytes(path.isEmpty() ? "." : path);
    return sys.openat2(PathAt.in(root, relative), PLACE, 0, IN_ROOT);
  }

  private static PodkitException outside(String path, ErrnoException e) {
    return TarUnpacker.refused(
        RawPath.shown(path) + " is no directory of the image: " + e.errno(), e);
  }

  /** Removes what an earlier entry put where a new one goes. */
  private void makeWay(String path, @Nullable FileStat there) throws PodkitException, IOException {
    if (there == null) {
      return;
    }
    if (!there.isDirectory()) {
      sys.unlink(place(path));
      return;
    }
    // Its parent may have been reached through links, so it is removed from there.
    leaveParent();
    try (Fd above = openParent(RawPath.parent(path));
        DirCursor cursor = DirCursor.open(sys, above.procPath())) {
      remover.remove(cursor, RawPath.name(path));
    }
  }

  private @Nullable FileStat lstat(PathAt at) throws ErrnoException {
    try {
      return sys.lstat(at);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return null;
      }
      throw e;
    }
  }
}
