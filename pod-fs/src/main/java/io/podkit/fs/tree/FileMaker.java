package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.Device;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileType;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * Makes entries that are no directories, in place of whatever has their name, never following a
 * link and never leaving the tree. One thread at a time; several makers may work on one tree.
 */
final class FileMaker {

  static final Set<ResolveFlag> BENEATH =
      EnumSet.of(ResolveFlag.BENEATH, ResolveFlag.NO_SYMLINKS, ResolveFlag.NO_XDEV);
  private static final Set<OpenFlag> CREATE =
      EnumSet.of(OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);

  /** Of files while they are being made. */
  private static final int PRIVATE_FILE = 0600;

  private final Syscalls sys;
  private final DirCursor cursor;
  private final Xattrs xattrs;
  private final TreeRemover remover;

  /**
   * A maker for one tree.
   *
   * @param remover may be other makers' too
   */
  FileMaker(Syscalls sys, TreeKind kind, DirCursor cursor, TreeRemover remover) {
    this.sys = sys;
    this.cursor = cursor;
    this.xattrs = new Xattrs(sys, kind);
    this.remover = remover;
  }

  /**
   * Makes a file.
   *
   * @param bare whether what is made has no attributes of its own: no directory passes any on
   */
  void file(
      String path, Attributes attributes, long size, RecordHandler.Content content, boolean bare)
      throws PodkitException, IOException {
    try (Fd file = create(path)) {
      WrittenFile written = new WrittenFile(sys, path, file);
      content.copyTo(written);
      written.extendTo(size);
      describe(path, file, attributes, bare);
    }
  }

  void symlink(String path, Attributes attributes, byte[] target) throws PodkitException {
    make(path, FileType.SYMLINK, attributes, at -> sys.symlink(target, at));
  }

  void special(String path, Attributes attributes, FileType type, Device device)
      throws PodkitException {
    make(path, type, attributes, at -> sys.mknod(at, type, PRIVATE_FILE, device));
  }

  /** Owner first: a change of owner clears set-uid bits and capabilities. */
  void describe(String path, Fd file, Attributes attributes, boolean bare) throws PodkitException {
    try {
      sys.fchown(file, attributes.uid(), attributes.gid());
      sys.fchmod(file, attributes.permissions());
      if (!bare) {
        xattrs.replace(cursor.at(path), attributes.xattrs());
      } else if (!attributes.xattrs().isEmpty()) {
        xattrs.add(cursor.at(path), attributes.xattrs());
      }
      sys.futimens(file, attributes.accessed(), attributes.modified());
    } catch (ErrnoException e) {
      throw cannotWrite(path, e);
    }
  }

  /** The same of what is not open. */
  void describe(PathAt at, FileType type, Attributes attributes) throws ErrnoException {
    sys.lchown(at, attributes.uid(), attributes.gid());
    if (type != FileType.SYMLINK) {
      sys.chmod(at, attributes.permissions());
    }
    xattrs.replace(at, attributes.xattrs());
  }

  /** Removes what is at a path. */
  void makeWay(String path) throws ErrnoException {
    synchronized (remover) {
      remover.remove(cursor, path);
    }
  }

  /** Lets go of the directories it is in, because they may be removed. */
  void leave() throws PodkitException {
    try {
      cursor.enter(RawPath.ROOT);
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot close a directory of the tree", e);
    }
  }

  @FunctionalInterface
  private interface Maker {
    void make(PathAt at) throws ErrnoException;
  }

  private void make(String path, FileType type, Attributes attributes, Maker maker)
      throws PodkitException {
    try {
      makeWay(path);
      PathAt at = cursor.at(path);
      maker.make(at);
      describe(at, type, attributes);
      sys.utimensat(at, attributes.accessed(), attributes.modified());
    } catch (ErrnoException e) {
      throw cannotWrite(path, e);
    }
  }

  private Fd create(String path) throws PodkitException {
    try {
      try {
        return sys.openat2(cursor.at(path), CREATE, PRIVATE_FILE, BENEATH);
      } catch (ErrnoException e) {
        if (!e.is(Errno.EEXIST)) {
          throw e;
        }
        makeWay(path);
        return sys.openat2(cursor.at(path), CREATE, PRIVATE_FILE, BENEATH);
      }
    } catch (ErrnoException e) {
      throw cannotWrite(path, e);
    }
  }

  static PodkitException cannotWrite(String path, ErrnoException e) {
    return PodkitException.io("cannot write " + RawPath.shown(path), e);
  }
}
