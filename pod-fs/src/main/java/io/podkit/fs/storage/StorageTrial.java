package io.podkit.fs.storage;

import io.podkit.fs.api.FileNeeds;
import io.podkit.fs.api.FileNeeds.XattrKind;
import io.podkit.fs.api.HostStorage.Unfit;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileSystemStat;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tries out in a directory what its filesystem can keep: filesystems differ by kernel, by how they
 * were made and by how they are mounted, so that only trying tells.
 */
final class StorageTrial {

  private static final Set<OpenFlag> CREATE =
      EnumSet.of(OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE);

  private static final String ELSEWHERE =
      "put --root there on another filesystem, or choose another target";

  private static final Set<Errno> TOO_LARGE =
      Set.of(Errno.ENOSPC, Errno.E2BIG, Errno.ERANGE, Errno.EDQUOT, Errno.EINVAL);

  /** VFS_CAP_REVISION_2, and nothing permitted. */
  private static final byte[] NO_CAPABILITY =
      ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0x02000000).array();

  private static final int ACL_VERSION = 2;
  private static final int ACL_HEAD = 4;
  private static final int ACL_ENTRY = 8;

  private final Syscalls sys;
  private final Path directory;
  private final List<Unfit> found = new ArrayList<>();
  private int files;

  /**
   * A trial.
   *
   * @param directory empty, and removed by the caller
   */
  StorageTrial(Syscalls sys, Path directory) {
    this.sys = sys;
    this.directory = directory;
  }

  List<Unfit> run(FileNeeds needs) throws ErrnoException {
    inodes(needs.entries());
    name(needs.longestName());
    size(needs.largestFile());
    for (Map.Entry<XattrKind, Long> xattr : needs.xattrs().entrySet()) {
      attribute(xattr.getKey(), xattr.getValue().intValue());
    }
    return found;
  }

  private void inodes(long entries) throws ErrnoException {
    FileSystemStat stat = sys.statfs(directory);
    if (stat.inodes() > 0 && stat.freeInodes() < entries) {
      found.add(
          new Unfit(
              "inodes",
              "there are " + entries + " files to keep, and inodes for " + stat.freeInodes(),
              "remove files under --root there, or put it on a filesystem with more inodes"));
    }
  }

  private void name(int length) throws ErrnoException {
    if (length == 0) {
      return;
    }
    Path file = directory.resolve("n".repeat(length));
    try {
      sys.open(PathAt.of(file), CREATE, 0600).close();
    } catch (ErrnoException e) {
      if (!e.is(Errno.ENAMETOOLONG)) {
        throw e;
      }
      found.add(new Unfit("file names", "one of " + length + " bytes is too long", ELSEWHERE));
    }
  }

  private void size(long bytes) throws ErrnoException {
    try (Fd file = sys.open(PathAt.of(next()), CREATE, 0600)) {
      sys.ftruncate(file, bytes);
    } catch (ErrnoException e) {
      if (!e.is(Errno.EFBIG) && !e.is(Errno.EINVAL)) {
        throw e;
      }
      found.add(new Unfit("file size", "one of " + bytes + " bytes is too large", ELSEWHERE));
    }
  }

  private void attribute(XattrKind kind, int bytes) throws ErrnoException {
    Path file = next();
    sys.open(PathAt.of(file), CREATE, 0600).close();
    try {
      sys.lsetxattr(PathAt.of(file), name(kind), value(kind, bytes));
    } catch (ErrnoException e) {
      if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.EPERM)) {
        found.add(
            new Unfit(
                "extended attributes",
                "its filesystem keeps no " + shown(kind) + " attributes",
                "mount it so that it does (user_xattr, acl), or " + ELSEWHERE));
      } else if (TOO_LARGE.contains(e.errno())) {
        found.add(
            new Unfit(
                "extended attributes",
                bytes + " bytes of " + shown(kind) + " attributes on one file are too many",
                ELSEWHERE));
      } else {
        throw e;
      }
    }
  }

  private Path next() {
    files++;
    return directory.resolve("trial" + files);
  }

  private static String name(XattrKind kind) {
    return switch (kind) {
      case USER -> "user.podkit";
      case TRUSTED -> "trusted.podkit";
      case CAPABILITY -> "security.capability";
      case ACL -> "system.posix_acl_access";
    };
  }

  private static String shown(XattrKind kind) {
    return switch (kind) {
      case USER -> "user.*";
      case TRUSTED -> "trusted.*";
      case CAPABILITY -> "file capability";
      case ACL -> "access control list";
    };
  }

  private static byte[] value(XattrKind kind, int bytes) {
    return switch (kind) {
      case USER, TRUSTED -> new byte[bytes];
      case CAPABILITY -> NO_CAPABILITY;
      case ACL -> acl(Math.max(5, (bytes - ACL_HEAD) / ACL_ENTRY));
    };
  }

  /** As the kernel wants it: owner, users, group, mask, others. */
  private static byte[] acl(int entries) {
    ByteBuffer acl =
        ByteBuffer.allocate(ACL_HEAD + entries * ACL_ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    acl.putInt(ACL_VERSION);
    entry(acl, 0x01, -1);
    for (int user = 0; user < entries - 4; user++) {
      entry(acl, 0x02, 1000 + user);
    }
    entry(acl, 0x04, -1);
    entry(acl, 0x10, -1);
    entry(acl, 0x20, -1);
    return acl.array();
  }

  private static void entry(ByteBuffer acl, int tag, int id) {
    acl.putShort((short) tag).putShort((short) 4).putInt(id);
  }
}
