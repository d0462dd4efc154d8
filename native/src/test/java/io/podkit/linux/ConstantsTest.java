package io.podkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.process.Command;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bindings' numbers against the headers, as {@code src/test/c/constants.c} prints them. */
class ConstantsTest {
  private static final Map<String, Long> HEADERS = new HashMap<>();
  private static List<String> lines = List.of();

  @BeforeAll
  static void readHeaders() throws Exception {
    lines = Command.of(Path.of("target/test-c/constants")).runOrThrow("print constants").lines();
    for (String line : lines) {
      int space = line.lastIndexOf(' ');
      if (!line.startsWith("errno ") && !line.startsWith("signal ")) {
        HEADERS.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
      }
    }
  }

  @Test
  void errno_hasAllNamesNumbersAndTexts() {
    List<String> ours =
        java.util.Arrays.stream(Errno.values())
            .filter(e -> e != Errno.UNKNOWN)
            .map(e -> "errno " + e.name() + " " + e.number() + " " + e.text())
            .toList();
    assertThat(lines.stream().filter(l -> l.startsWith("errno ")).toList())
        .containsExactlyInAnyOrderElementsOf(ours);
  }

  @Test
  void signals_haveTheirNumbers() {
    for (Signal signal : Signal.values()) {
      assertThat(lines).contains("signal " + signal.name() + " " + signal.number());
    }
  }

  @Test
  void mountFlags() {
    is("MS_RDONLY", MountFlag.READ_ONLY);
    is("MS_NOSUID", MountFlag.NO_SUID);
    is("MS_NODEV", MountFlag.NO_DEV);
    is("MS_NOEXEC", MountFlag.NO_EXEC);
    is("MS_REMOUNT", MountFlag.REMOUNT);
    is("MS_NOSYMFOLLOW", MountFlag.NO_SYMFOLLOW);
    is("MS_NOATIME", MountFlag.NO_ATIME);
    is("MS_BIND", MountFlag.BIND);
    is("MS_MOVE", MountFlag.MOVE);
    is("MS_REC", MountFlag.RECURSIVE);
    is("MS_SILENT", MountFlag.SILENT);
    is("MS_UNBINDABLE", MountFlag.UNBINDABLE);
    is("MS_PRIVATE", MountFlag.PRIVATE);
    is("MS_SLAVE", MountFlag.SLAVE);
    is("MS_SHARED", MountFlag.SHARED);
    is("MS_RELATIME", MountFlag.RELATIME);
    is("MNT_FORCE", UnmountFlag.FORCE);
    is("MNT_DETACH", UnmountFlag.DETACH);
    is("MNT_EXPIRE", UnmountFlag.EXPIRE);
    is("UMOUNT_NOFOLLOW", UnmountFlag.NO_FOLLOW);
  }

  @Test
  void openFlags() {
    is("O_RDONLY", OpenFlag.READ);
    is("O_WRONLY", OpenFlag.WRITE);
    is("O_RDWR", OpenFlag.READ_WRITE);
    is("O_CREAT", OpenFlag.CREATE);
    is("O_EXCL", OpenFlag.EXCLUSIVE);
    is("O_NOCTTY", OpenFlag.NO_CONTROLLING_TTY);
    is("O_TRUNC", OpenFlag.TRUNCATE);
    is("O_APPEND", OpenFlag.APPEND);
    is("O_NONBLOCK", OpenFlag.NON_BLOCKING);
    is("O_DIRECTORY", OpenFlag.DIRECTORY);
    is("O_NOFOLLOW", OpenFlag.NO_FOLLOW);
    is("O_NOATIME", OpenFlag.NO_ATIME);
    is("O_PATH", OpenFlag.PATH);
    is("O_CLOEXEC", OpenFlag.CLOSE_ON_EXEC);
  }

  @Test
  void otherFlags() {
    is("RESOLVE_NO_XDEV", ResolveFlag.NO_XDEV);
    is("RESOLVE_NO_MAGICLINKS", ResolveFlag.NO_MAGICLINKS);
    is("RESOLVE_NO_SYMLINKS", ResolveFlag.NO_SYMLINKS);
    is("RESOLVE_BENEATH", ResolveFlag.BENEATH);
    is("RESOLVE_IN_ROOT", ResolveFlag.IN_ROOT);
    is("RENAME_NOREPLACE", RenameFlag.NO_REPLACE);
    is("RENAME_EXCHANGE", RenameFlag.EXCHANGE);
    is("POLLIN", PollEvent.IN);
    is("POLLOUT", PollEvent.OUT);
    is("POLLERR", PollEvent.ERROR);
    is("POLLHUP", PollEvent.HANG_UP);
    is("POLLNVAL", PollEvent.INVALID);
  }

  @Test
  void fileTypesAndMagics() {
    is("S_IFREG", FileType.REGULAR.bits());
    is("S_IFDIR", FileType.DIRECTORY.bits());
    is("S_IFLNK", FileType.SYMLINK.bits());
    is("S_IFCHR", FileType.CHARACTER_DEVICE.bits());
    is("S_IFBLK", FileType.BLOCK_DEVICE.bits());
    is("S_IFIFO", FileType.FIFO.bits());
    is("S_IFSOCK", FileType.SOCKET.bits());
    is("EXT4_SUPER_MAGIC", FileSystemStat.EXT4_MAGIC);
    is("TMPFS_MAGIC", FileSystemStat.TMPFS_MAGIC);
    is("OVERLAYFS_SUPER_MAGIC", FileSystemStat.OVERLAYFS_MAGIC);
    is("SQUASHFS_MAGIC", FileSystemStat.SQUASHFS_MAGIC);
    is("XFS_SUPER_MAGIC", FileSystemStat.XFS_MAGIC);
    is("BTRFS_SUPER_MAGIC", FileSystemStat.BTRFS_MAGIC);
    is("NFS_SUPER_MAGIC", FileSystemStat.NFS_MAGIC);
    is("CGROUP2_SUPER_MAGIC", FileSystemStat.CGROUP2_MAGIC);
  }

  @Test
  void callNumbersAndArguments() {
    is("SYS_openat2", JnrPathCalls.SYS_OPENAT2);
    is("AT_FDCWD", PathAt.WORKING_DIRECTORY);
    is("AT_SYMLINK_NOFOLLOW", JnrPathCalls.AT_SYMLINK_NOFOLLOW);
    is("AT_REMOVEDIR", JnrPathCalls.AT_REMOVEDIR);
    is("AT_EMPTY_PATH", JnrPathCalls.AT_EMPTY_PATH);
    is("UTIME_OMIT", JnrPathCalls.UTIME_OMIT);
    is("STATX_BASIC_STATS", FileStat.STATX_BASIC_STATS);
    is("SYS_pidfd_open", JnrSyscalls.SYS_PIDFD_OPEN);
    is("SYS_pidfd_send_signal", JnrSyscalls.SYS_PIDFD_SEND_SIGNAL);
    is("SEEK_DATA", JnrSyscalls.SEEK_DATA);
    is("SEEK_HOLE", JnrSyscalls.SEEK_HOLE);
    is("FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE", JnrSyscalls.FALLOC_KEEP_SIZE_AND_PUNCH_HOLE);
    is("AF_UNIX", JnrSyscalls.AF_UNIX);
    is("SOCK_STREAM", JnrSyscalls.SOCK_STREAM);
    is("SOCK_SEQPACKET", JnrSyscalls.SOCK_SEQPACKET);
    is("SOCK_CLOEXEC", JnrSyscalls.SOCK_CLOEXEC);
    is("SHUT_WR", JnrSyscalls.SHUT_WR);
    is("SOL_SOCKET", JnrSyscalls.SOL_SOCKET);
    is("SO_SNDBUFFORCE", JnrSyscalls.SO_SNDBUFFORCE);
    is("F_DUPFD_CLOEXEC", JnrSyscalls.F_DUPFD_CLOEXEC);
    is("F_GET_SEALS", JnrSyscalls.F_GET_SEALS);
    is("F_SEAL_WRITE", JnrSyscalls.F_SEAL_WRITE);
    is("F_SEAL_FUTURE_WRITE", JnrSyscalls.F_SEAL_FUTURE_WRITE);
    is("TIOCGWINSZ", JnrSyscalls.TIOCGWINSZ);
    is("TIOCSWINSZ", JnrSyscalls.TIOCSWINSZ);
    is("WNOHANG", JnrSyscalls.WNOHANG);
    is("LOCK_SH", JnrSyscalls.LOCK_SH);
    is("LOCK_EX", JnrSyscalls.LOCK_EX);
    is("LOCK_NB", JnrSyscalls.LOCK_NB);
    is("LOCK_UN", JnrSyscalls.LOCK_UN);
    is("POSIX_SPAWN_SETSIGDEF", PosixSpawner.SETSIGDEF);
    is("POSIX_SPAWN_SETSIGMASK", PosixSpawner.SETSIGMASK);
    is("POSIX_SPAWN_SETSID", PosixSpawner.SETSID);
  }

  @Test
  void otherProcessesMemory() {
    is("SYS_pidfd_getfd", JnrMemoryCalls.SYS_PIDFD_GETFD);
    is("UFFDIO_REGISTER", JnrMemoryCalls.UFFDIO_REGISTER);
    is("UFFDIO_REGISTER_MODE_WP", JnrMemoryCalls.UFFDIO_REGISTER_MODE_WP);
    is("UFFDIO_WRITEPROTECT", JnrMemoryCalls.UFFDIO_WRITEPROTECT);
    is("sizeof(struct uffdio_register)", JnrMemoryCalls.SIZE_OF_UFFDIO_REGISTER);
    is("sizeof(struct uffdio_writeprotect)", JnrMemoryCalls.SIZE_OF_UFFDIO_WRITEPROTECT);
    is("offsetof(struct uffdio_register, mode)", 16);
    is("offsetof(struct uffdio_writeprotect, mode)", 16);
    is("PAGEMAP_SCAN", JnrMemoryCalls.PAGEMAP_SCAN);
    is("PM_SCAN_WP_MATCHING", PageScan.PROTECT_MATCHING);
    is("PM_SCAN_CHECK_WPASYNC", PageScan.CHECK_TRACKED);
    is("sizeof(struct pm_scan_arg)", PageScan.SIZE_OF_ARGUMENT);
    is("offsetof(struct pm_scan_arg, walk_end)", PageScan.WALK_END);
    is("sizeof(struct page_region)", PageScan.SIZE_OF_REGION);
    is("PAGE_IS_WPALLOWED", PageCategory.TRACKED);
    is("PAGE_IS_WRITTEN", PageCategory.WRITTEN);
    is("PAGE_IS_FILE", PageCategory.FILE);
    is("PAGE_IS_PRESENT", PageCategory.PRESENT);
    is("PAGE_IS_SWAPPED", PageCategory.SWAPPED);
    is("PAGE_IS_PFNZERO", PageCategory.ZERO);
    is("PAGE_IS_HUGE", PageCategory.HUGE);
    is("PAGE_IS_GUARD", PageCategory.GUARD);
    is("sizeof(struct iovec)", 16);
    is("sizeof(struct sockaddr_un)", JnrSyscalls.SIZE_OF_SOCKADDR_UN);
  }

  @Test
  void watchingFilesystems() {
    is("FAN_CLASS_NOTIF", JnrPathCalls.FAN_CLASS_NOTIF);
    is("FAN_CLOEXEC", JnrPathCalls.FAN_CLOEXEC);
    is("FAN_NONBLOCK", JnrPathCalls.FAN_NONBLOCK);
    is("FAN_UNLIMITED_QUEUE", JnrPathCalls.FAN_UNLIMITED_QUEUE);
    is("FAN_REPORT_DFID_NAME_TARGET", JnrPathCalls.FAN_REPORT_DFID_NAME_TARGET);
    is("FAN_MARK_ADD", JnrPathCalls.FAN_MARK_ADD);
    is("FAN_MARK_FILESYSTEM", JnrPathCalls.FAN_MARK_FILESYSTEM);
    is("FAN_MODIFY", FileChange.MODIFY);
    is("FAN_ATTRIB", FileChange.ATTRIB);
    is("FAN_CLOSE_WRITE", FileChange.CLOSE_WRITE);
    is("FAN_MOVED_FROM", FileChange.MOVED_FROM);
    is("FAN_MOVED_TO", FileChange.MOVED_TO);
    is("FAN_CREATE", FileChange.CREATE);
    is("FAN_DELETE", FileChange.DELETE);
    is("FAN_Q_OVERFLOW", FileChange.OVERFLOW);
    is("FAN_ONDIR", FileChange.ON_DIRECTORY);
    is("FAN_EVENT_INFO_TYPE_DFID_NAME", FileChanges.INFO_DIRECTORY_AND_NAME);
    is("FAN_EVENT_INFO_TYPE_FID", FileChanges.INFO_INODE);
    is("sizeof(struct fanotify_event_metadata)", FileChanges.SIZE_OF_METADATA);
    is("sizeof(struct fanotify_event_info_header)", FileChanges.SIZE_OF_INFO_HEADER);
    is("sizeof(__kernel_fsid_t)", FileChanges.SIZE_OF_FSID);
    is("sizeof(struct file_handle)", FileChanges.SIZE_OF_HANDLE_HEADER);
  }

  @Test
  void loopDevices() {
    is("LOOP_CLR_FD", JnrSyscalls.LOOP_CLR_FD);
    is("LOOP_GET_STATUS64", JnrSyscalls.LOOP_GET_STATUS64);
    is("LOOP_CONFIGURE", JnrSyscalls.LOOP_CONFIGURE);
    is("LOOP_CTL_GET_FREE", JnrSyscalls.LOOP_CTL_GET_FREE);
    is("LO_FLAGS_READ_ONLY", LoopFlag.READ_ONLY);
    is("LO_FLAGS_AUTOCLEAR", LoopFlag.AUTOCLEAR);
    is("LO_FLAGS_PARTSCAN", LoopFlag.PARTITION_SCAN);
    is("LO_FLAGS_DIRECT_IO", LoopFlag.DIRECT_IO);
    is("sizeof(struct loop_info64)", JnrSyscalls.SIZE_OF_LOOP_INFO64);
    is("offsetof(struct loop_info64, lo_flags)", JnrSyscalls.LOOP_INFO64_FLAGS);
    is("sizeof(struct loop_config)", JnrSyscalls.SIZE_OF_LOOP_CONFIG);
    is("offsetof(struct loop_config, info.lo_flags)", JnrSyscalls.LOOP_CONFIG_FLAGS);
    is("offsetof(struct loop_config, block_size)", JnrSyscalls.LOOP_CONFIG_BLOCK_SIZE);
  }

  @Test
  void structures_haveTheSizesAndOffsetsWeReadThemBy() {
    is("sizeof(struct statx)", FileStat.STRUCT_SIZE);
    is("offsetof(struct statx, stx_nlink)", 0x10);
    is("offsetof(struct statx, stx_uid)", 0x14);
    is("offsetof(struct statx, stx_gid)", 0x18);
    is("offsetof(struct statx, stx_mode)", 0x1c);
    is("offsetof(struct statx, stx_ino)", 0x20);
    is("offsetof(struct statx, stx_size)", 0x28);
    is("offsetof(struct statx, stx_blocks)", 0x30);
    is("offsetof(struct statx, stx_atime)", 0x40);
    is("offsetof(struct statx, stx_ctime)", 0x60);
    is("offsetof(struct statx, stx_mtime)", 0x70);
    is("offsetof(struct statx, stx_rdev_major)", 0x80);
    is("offsetof(struct statx, stx_dev_major)", 0x88);
    is("sizeof(struct statfs)", FileSystemStat.STRUCT_SIZE);
    is("offsetof(struct statfs, f_ffree)", 48);
    is("sizeof(struct open_how)", JnrPathCalls.SIZE_OF_OPEN_HOW);
    is("sizeof(struct winsize)", JnrSyscalls.SIZE_OF_WINSIZE);
    is("sizeof(struct pollfd)", JnrSyscalls.SIZE_OF_POLLFD);
    is("offsetof(struct pollfd, revents)", 6);
    is("offsetof(struct dirent64, d_reclen)", 16);
    is("offsetof(struct dirent64, d_name)", JnrPathCalls.DIRENT_NAME);
    is("sizeof(sigset_t)", PosixSpawner.SIZE_OF_SIGSET);
    assertThat(HEADERS.get("sizeof(posix_spawn_file_actions_t)"))
        .isLessThanOrEqualTo(PosixSpawner.OPAQUE_SIZE);
    assertThat(HEADERS.get("sizeof(posix_spawnattr_t)"))
        .isLessThanOrEqualTo(PosixSpawner.OPAQUE_SIZE);
  }

  private static void is(String name, Bits.Flag flag) {
    is(name, flag.bit());
  }

  private static void is(String name, long ours) {
    assertThat(HEADERS).as(name).containsEntry(name, ours);
  }
}
