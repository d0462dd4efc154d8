package io.podkit.linux;

import io.podkit.linux.lib.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The half of {@link JnrSyscalls} whose calls take a path. */
abstract class JnrPathCalls extends NativeCall
    implements MountCalls, FileCalls, DirectoryCalls, XattrCalls, WatchCalls {

  static final long SYS_OPENAT2 = 437; // since Linux 5.6
  static final int SIZE_OF_OPEN_HOW = 24;

  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_EMPTY_PATH = 0x1000; // since Linux 2.6.39
  static final long UTIME_OMIT = (1L << 30) - 2; // since Linux 2.6.22

  static final int FAN_CLASS_NOTIF = 0;
  static final int FAN_CLOEXEC = 0x1;
  static final int FAN_NONBLOCK = 0x2;
  static final int FAN_UNLIMITED_QUEUE = 0x10;
  static final int FAN_REPORT_DFID_NAME_TARGET = 0x1e00; // since Linux 5.17
  static final int FAN_MARK_ADD = 0x1;
  static final int FAN_MARK_FILESYSTEM = 0x100; // since Linux 4.20

  static final int DIRENT_NAME = 19;
  private static final int DIRENT_BUFFER = 32 * 1024;
  private static final int PATH_MAX = 4096;

  JnrPathCalls(LibC libc) {
    super(libc);
  }

  // --- mounts ---

  @Override
  public void mount(String source, Path target, String type, Set<MountFlag> flags, String data)
      throws ErrnoException {
    byte[] dataBytes = CStrings.of(data);
    if (dataBytes.length > MAX_MOUNT_DATA + 1) {
      throw new ErrnoException(Errno.E2BIG, "mount", target.toString());
    }
    int rc =
        libc.mount(
            CStrings.of(source),
            CStrings.terminated(PathBytes.of(target)),
            type.isEmpty() ? null : CStrings.of(type),
            Bits.of(flags),
            data.isEmpty() ? null : dataBytes);
    check(rc, "mount", target);
  }

  @Override
  public void umount2(Path target, Set<UnmountFlag> flags) throws ErrnoException {
    byte[] path = CStrings.terminated(PathBytes.of(target));
    check(libc.umount2(path, (int) Bits.of(flags)), "umount2", target);
  }

  @Override
  public FileSystemStat statfs(Path path) throws ErrnoException {
    byte[] struct = new byte[FileSystemStat.STRUCT_SIZE];
    check(libc.statfs(CStrings.terminated(PathBytes.of(path)), struct), "statfs", path);
    return FileSystemStat.decode(struct);
  }

  // --- inodes ---

  @Override
  public Fd openat2(PathAt at, Set<OpenFlag> flags, int permissions, Set<ResolveFlag> resolve)
      throws ErrnoException {
    byte[] how =
        struct(SIZE_OF_OPEN_HOW)
            .putLong(Bits.of(flags) | OpenFlag.CLOSE_ON_EXEC)
            .putLong(permissions)
            .putLong(Bits.of(resolve))
            .array();
    byte[] path = at.cString();
    int directory = at.directoryNumber();
    return fd(
        retry(() -> libc.syscall(SYS_OPENAT2, directory, path, how, how.length), "openat2", at));
  }

  @Override
  public FileStat lstat(PathAt at) throws ErrnoException {
    return statx(at.directoryNumber(), at.cString(), AT_SYMLINK_NOFOLLOW, at);
  }

  @Override
  public FileStat fstat(Fd fd) throws ErrnoException {
    return statx(fd.number(), CStrings.of(""), AT_EMPTY_PATH, fd);
  }

  private FileStat statx(int directory, byte[] path, int flags, Object subject)
      throws ErrnoException {
    byte[] struct = new byte[FileStat.STRUCT_SIZE];
    check(libc.statx(directory, path, flags, FileStat.STATX_BASIC_STATS, struct), "statx", subject);
    return FileStat.decode(struct);
  }

  @Override
  public void chmod(PathAt at, int permissions) throws ErrnoException {
    int rc = libc.fchmodat(at.directoryNumber(), at.cString(), permissions, AT_SYMLINK_NOFOLLOW);
    check(rc, "fchmodat", at);
  }

  @Override
  public void lchown(PathAt at, long uid, long gid) throws ErrnoException {
    byte[] path = at.cString();
    int rc = libc.fchownat(at.directoryNumber(), path, (int) uid, (int) gid, AT_SYMLINK_NOFOLLOW);
    check(rc, "fchownat", at);
  }

  @Override
  public void utimensat(PathAt at, @Nullable Instant accessed, @Nullable Instant modified)
      throws ErrnoException {
    long[] times = new long[4];
    putTime(times, 0, accessed);
    putTime(times, 2, modified);
    int rc = libc.utimensat(at.directoryNumber(), at.cString(), times, AT_SYMLINK_NOFOLLOW);
    check(rc, "utimensat", at);
  }

  @Override
  public void fchmod(Fd file, int permissions) throws ErrnoException {
    check(libc.fchmod(file.number(), permissions), "fchmod", file);
  }

  @Override
  public void fchown(Fd file, long uid, long gid) throws ErrnoException {
    check(libc.fchown(file.number(), (int) uid, (int) gid), "fchown", file);
  }

  @Override
  public void futimens(Fd file, Instant accessed, Instant modified) throws ErrnoException {
    long[] times = new long[4];
    putTime(times, 0, accessed);
    putTime(times, 2, modified);
    check(libc.futimens(file.number(), times), "futimens", file);
  }

  private static void putTime(long[] times, int at, @Nullable Instant time) {
    times[at] = time == null ? 0 : time.getEpochSecond();
    times[at + 1] = time == null ? UTIME_OMIT : time.getNano();
  }

  // --- names ---

  @Override
  public boolean mkdir(PathAt at, int permissions) throws ErrnoException {
    int rc = libc.mkdirat(at.directoryNumber(), at.cString(), permissions);
    if (rc == -1 && errno() == Errno.EEXIST) {
      return false;
    }
    check(rc, "mkdirat", at);
    return true;
  }

  @Override
  public void mknod(PathAt at, FileType type, int permissions, Device device)
      throws ErrnoException {
    int mode = type.bits() | permissions;
    check(libc.mknodat(at.directoryNumber(), at.cString(), mode, device.encoded()), "mknodat", at);
  }

  @Override
  public void symlink(byte[] target, PathAt at) throws ErrnoException {
    byte[] terminated = CStrings.terminated(target);
    check(libc.symlinkat(terminated, at.directoryNumber(), at.cString()), "symlinkat", at);
  }

  @Override
  public byte[] readlink(PathAt at) throws ErrnoException {
    byte[] buffer = new byte[PATH_MAX];
    long length = libc.readlinkat(at.directoryNumber(), at.cString(), buffer, buffer.length);
    return Arrays.copyOf(buffer, (int) check(length, "readlinkat", at));
  }

  @Override
  public void link(PathAt existing, PathAt name) throws ErrnoException {
    byte[] from = existing.cString();
    int rc =
        libc.linkat(existing.directoryNumber(), from, name.directoryNumber(), name.cString(), 0);
    check(rc, "linkat", existing + " -> " + name);
  }

  @Override
  public void unlink(PathAt at) throws ErrnoException {
    check(libc.unlinkat(at.directoryNumber(), at.cString(), 0), "unlinkat", at);
  }

  @Override
  public void rmdir(PathAt at) throws ErrnoException {
    check(libc.unlinkat(at.directoryNumber(), at.cString(), AT_REMOVEDIR), "unlinkat", at);
  }

  @Override
  public void renameat2(PathAt from, PathAt to, Set<RenameFlag> flags) throws ErrnoException {
    int bits = (int) Bits.of(flags);
    byte[] source = from.cString();
    int rc =
        libc.renameat2(from.directoryNumber(), source, to.directoryNumber(), to.cString(), bits);
    check(rc, "renameat2", from + " -> " + to);
  }

  @Override
  public List<byte[]> readDirectory(Fd directory) throws ErrnoException {
    List<byte[]> names = new ArrayList<>();
    byte[] buffer = new byte[DIRENT_BUFFER];
    while (true) {
      long filled = libc.getdents64(directory.number(), buffer, buffer.length);
      if (check(filled, "getdents64", directory) == 0) {
        return names;
      }
      addNames(buffer, (int) filled, names);
    }
  }

  /** Reads {@code struct linux_dirent64}: inode, offset, u16 length, u8 type, name with a NUL. */
  private static void addNames(byte[] buffer, int filled, List<byte[]> names) {
    ByteBuffer entries = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
    for (int at = 0; at < filled; at += Short.toUnsignedInt(entries.getShort(at + 16))) {
      int end = at + DIRENT_NAME;
      while (buffer[end] != 0) {
        end++;
      }
      String shown =
          new String(buffer, at + DIRENT_NAME, end - at - DIRENT_NAME, StandardCharsets.ISO_8859_1);
      if (!shown.equals(".") && !shown.equals("..")) {
        names.add(Arrays.copyOfRange(buffer, at + DIRENT_NAME, end));
      }
    }
  }

  // --- being told ---

  @Override
  public Fd fanotifyInit() throws ErrnoException {
    int flags =
        FAN_CLASS_NOTIF
            | FAN_CLOEXEC
            | FAN_NONBLOCK
            | FAN_UNLIMITED_QUEUE
            | FAN_REPORT_DFID_NAME_TARGET;
    return fd(check(libc.fanotify_init(flags, 0), "fanotify_init", ""));
  }

  @Override
  public void fanotifyMarkFilesystem(Fd group, Fd directory, Set<FileChange> changes)
      throws ErrnoException {
    int flags = FAN_MARK_ADD | FAN_MARK_FILESYSTEM;
    byte[] here = CStrings.of(".");
    int rc = libc.fanotify_mark(group.number(), flags, Bits.of(changes), directory.number(), here);
    check(rc, "fanotify_mark", directory);
  }

  @Override
  public Fd openByHandle(Fd mount, FileHandle handle) throws ErrnoException {
    int flags = (int) (OpenFlag.PATH.bit() | OpenFlag.CLOSE_ON_EXEC);
    return fd(
        check(
            libc.open_by_handle_at(mount.number(), handle.struct(), flags),
            "open_by_handle_at",
            mount));
  }

  // --- extended attributes ---

  @Override
  public List<String> llistxattr(PathAt at) throws ErrnoException {
    byte[] path = at.cStringWithoutDirectory();
    return names(sized((into, size) -> libc.llistxattr(path, into, size), "llistxattr", at));
  }

  @Override
  public List<String> flistxattr(Fd file) throws ErrnoException {
    int fd = file.number();
    return names(sized((into, size) -> libc.flistxattr(fd, into, size), "flistxattr", file));
  }

  private static List<String> names(byte[] list) {
    if (list.length == 0) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String name : new String(list, StandardCharsets.UTF_8).split("\0", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  @Override
  public byte[] lgetxattr(PathAt at, String name) throws ErrnoException {
    byte[] path = at.cStringWithoutDirectory();
    byte[] attribute = CStrings.of(name);
    return sized((into, size) -> libc.lgetxattr(path, attribute, into, size), "lgetxattr", at);
  }

  @Override
  public byte[] fgetxattr(Fd file, String name) throws ErrnoException {
    int fd = file.number();
    byte[] attribute = CStrings.of(name);
    return sized((into, size) -> libc.fgetxattr(fd, attribute, into, size), "fgetxattr", file);
  }

  @Override
  public void lsetxattr(PathAt at, String name, byte[] value) throws ErrnoException {
    byte[] path = at.cStringWithoutDirectory();
    int rc = libc.lsetxattr(path, CStrings.of(name), value, value.length, 0);
    check(rc, "lsetxattr", at + ", " + name);
  }

  @Override
  public void lremovexattr(PathAt at, String name) throws ErrnoException {
    int rc = libc.lremovexattr(at.cStringWithoutDirectory(), CStrings.of(name));
    check(rc, "lremovexattr", at + ", " + name);
  }

  private interface SizedCall {
    long call(byte @Nullable [] into, long size);
  }

  /** Asks for the size, then for the bytes; again if they grew in between. */
  private byte[] sized(SizedCall call, String name, Object at) throws ErrnoException {
    while (true) {
      int size = (int) check(call.call(null, 0), name, at);
      if (size == 0) {
        return new byte[0];
      }
      byte[] bytes = new byte[size];
      long got = call.call(bytes, size);
      if (got != -1 || errno() != Errno.ERANGE) {
        return Arrays.copyOf(bytes, (int) check(got, name, at));
      }
    }
  }
}
