package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Device;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.FileType;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Makes a directory like the records say, never following a link and never leaving the directory.
 *
 * <p>A new name replaces an old one by removing it first: until the last record nobody uses the
 * tree, so nobody sees it half made. Whatever is new and no directory is handed to several makers;
 * before anything else is changed, they are waited for.
 */
final class TreeApplier implements RecordHandler {

  private static final Set<OpenFlag> CHANGE =
      EnumSet.of(OpenFlag.WRITE, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCKING);

  /** A directory that a later record deleted or made something else. */
  private static final Set<Errno> REPLACED = EnumSet.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

  static final String DEFAULT_ACL = "system.posix_acl_default";

  /** Of directories while they are being made. */
  private static final int PRIVATE_DIRECTORY = 0700;

  private record Times(Instant accessed, Instant modified) {}

  private final Syscalls sys;
  private final TreeKind kind;
  private final DirCursor cursor;
  private final FileMaker maker;
  private final FileMakers makers;

  /** What the directories' times are to be: every change in one moves them, so they come last. */
  private final Map<String, Times> directoryTimes = new LinkedHashMap<>();

  /** Whether what is made may get attributes from its directory: a default access list. */
  private boolean mayInherit;

  /**
   * Applies one pass.
   *
   * @param maker at work on this thread, with that cursor
   * @param makers for what may be made in any order
   * @param mayInherit whether a directory of the tree may have a default access list already
   */
  TreeApplier(
      Syscalls sys,
      TreeKind kind,
      DirCursor cursor,
      FileMaker maker,
      FileMakers makers,
      boolean mayInherit) {
    this.sys = sys;
    this.kind = kind;
    this.cursor = cursor;
    this.maker = maker;
    this.makers = makers;
    this.mayInherit = mayInherit;
  }

  @Override
  public void directory(String path, Attributes attributes) throws PodkitException, IOException {
    makers.awaitName(path);
    try {
      PathAt at = place(path);
      if (!sys.mkdir(at, PRIVATE_DIRECTORY) && !sys.lstat(at).isDirectory()) {
        sys.unlink(at);
        sys.mkdir(at, PRIVATE_DIRECTORY);
      }
      maker.describe(at, FileType.DIRECTORY, attributes);
      mayInherit |= attributes.xattrs().containsKey(DEFAULT_ACL);
      directoryTimes.put(path, new Times(attributes.accessed(), attributes.modified()));
    } catch (ErrnoException e) {
      throw FileMaker.cannotWrite(path, e);
    }
  }

  @Override
  public void file(String path, Attributes attributes, long size, Content content)
      throws PodkitException, IOException {
    expectChangeBeside(path);
    if (size > FileMakers.LARGEST) {
      makers.awaitName(path);
      maker.file(path, attributes, size, content, !mayInherit);
    } else {
      makers.file(path, attributes, size, content, !mayInherit);
    }
  }

  @Override
  public void patch(String path, Attributes attributes, long size, Content content)
      throws PodkitException, IOException {
    makers.await();
    try (Fd file = openFile(path)) {
      WrittenFile written = new WrittenFile(sys, path, file);
      written.cutTo(size);
      content.copyTo(written);
      maker.describe(path, file, attributes, false);
    }
  }

  private Fd openFile(String path) throws PodkitException {
    try {
      PathAt at = cursor.at(path);
      // Not opened before its type is known: to open a device does something.
      if (!sys.lstat(at).isRegular()) {
        throw PodkitException.peer(
            "the other host sent changes of something else than file " + RawPath.shown(path), null);
      }
      return sys.openat2(at, CHANGE, 0, FileMaker.BENEATH);
    } catch (ErrnoException e) {
      throw FileMaker.cannotWrite(path, e);
    }
  }

  @Override
  public void symlink(String path, Attributes attributes, byte[] target)
      throws PodkitException, IOException {
    expectChangeBeside(path);
    makers.make(path, one -> one.symlink(path, attributes, target));
  }

  @Override
  public void special(String path, Attributes attributes, FileType type, Device device)
      throws PodkitException, IOException {
    if (!DeviceRules.carried(kind, type, device)) {
      throw PodkitException.peer(
          "the other host sent device node " + device + " as " + RawPath.shown(path), null);
    }
    expectChangeBeside(path);
    makers.make(path, one -> one.special(path, attributes, type, device));
  }

  @Override
  public void hardLink(String path, String existing) throws PodkitException, IOException {
    makers.await();
    try (Fd from = sys.open(here(RawPath.parent(existing)), EnumSet.of(OpenFlag.PATH), 0)) {
      PathAt old = PathAt.in(from, RawPath.bytes(RawPath.name(existing)));
      if (sys.lstat(old).isDirectory()) {
        throw PodkitException.peer(
            "the other host sent a hard link to directory " + RawPath.shown(existing), null);
      }
      if (!path.equals(existing)) {
        keepTimes(RawPath.parent(path));
        maker.makeWay(path);
        sys.link(old, place(path));
      }
    } catch (ErrnoException e) {
      throw FileMaker.cannotWrite(path, e);
    }
  }

  @Override
  public void attributes(String path, FileType type, Attributes attributes)
      throws PodkitException, IOException {
    makers.await();
    try {
      PathAt at = path.isEmpty() ? here(RawPath.ROOT) : cursor.at(path);
      if (sys.lstat(at).type() != type) {
        throw PodkitException.peer(
            "the other host sent attributes of something else than " + RawPath.shown(path), null);
      }
      maker.describe(at, type, attributes);
      if (type == FileType.DIRECTORY) {
        mayInherit |= attributes.xattrs().containsKey(DEFAULT_ACL);
        directoryTimes.put(path, new Times(attributes.accessed(), attributes.modified()));
      } else {
        sys.utimensat(at, attributes.accessed(), attributes.modified());
      }
    } catch (ErrnoException e) {
      throw FileMaker.cannotWrite(path, e);
    }
  }

  @Override
  public void delete(String path) throws PodkitException, IOException {
    makers.await();
    try {
      keepTimes(RawPath.parent(path));
      maker.makeWay(path);
    } catch (ErrnoException e) {
      throw FileMaker.cannotWrite(path, e);
    }
  }

  /** Gives the directories their times; nothing may be changed in them after that. */
  void finish() throws PodkitException, IOException {
    makers.await();
    for (Map.Entry<String, Times> entry : directoryTimes.entrySet()) {
      Times times = entry.getValue();
      try {
        sys.utimensat(here(entry.getKey()), times.accessed(), times.modified());
      } catch (ErrnoException e) {
        if (!REPLACED.contains(e.errno())) {
          throw FileMaker.cannotWrite(entry.getKey(), e);
        }
      }
    }
    directoryTimes.clear();
  }

  /** Whether a directory of the tree may have a default access list now. */
  boolean mayInherit() {
    return mayInherit;
  }

  /** Where a new entry goes. */
  private PathAt place(String path) throws ErrnoException {
    keepTimes(RawPath.parent(path));
    return cursor.at(path);
  }

  /**
   * Somebody else is about to make that entry: its directory's times are as they were until then.
   */
  private void expectChangeBeside(String path) throws PodkitException {
    try {
      keepTimes(RawPath.parent(path));
    } catch (ErrnoException e) {
      throw FileMaker.cannotWrite(path, e);
    }
  }

  private void keepTimes(String directory) throws ErrnoException {
    if (!directoryTimes.containsKey(directory)) {
      FileStat stat = sys.fstat(cursor.enter(directory));
      directoryTimes.put(directory, new Times(stat.accessed(), stat.modified()));
    }
  }

  private PathAt here(String directory) throws ErrnoException {
    return PathAt.in(cursor.enter(directory), ".");
  }
}
