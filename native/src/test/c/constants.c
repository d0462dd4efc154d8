/* Prints every kernel and libc number that the Java bindings repeat, one "NAME VALUE" a line, as this machine's headers
 * have it. ConstantsTest compares. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <linux/openat2.h>
#include <linux/magic.h>
#include <linux/types.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <dirent.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define NUMBER(name) printf("%s %lld\n", #name, (long long)(name))
#define SIZE(type) printf("sizeof(%s) %zu\n", #type, sizeof(type))
#define OFFSET(type, field) printf("offsetof(%s, %s) %zu\n", #type, #field, offsetof(type, field))

/* linux/fs.h has these since Linux 6.7, but cannot be included beside sys/mount.h everywhere. */
#ifndef PAGEMAP_SCAN
struct pm_scan_arg
{
  __u64 size, flags, start, end, walk_end, vec, vec_len, max_pages;
  __u64 category_inverted, category_mask, category_anyof_mask, return_mask;
};
struct page_region
{
  __u64 start, end, categories;
};
#define PAGEMAP_SCAN _IOWR ('f', 16, struct pm_scan_arg)
#define PM_SCAN_WP_MATCHING (1 << 0)
#define PM_SCAN_CHECK_WPASYNC (1 << 1)
#define PAGE_IS_WPALLOWED (1 << 0)
#define PAGE_IS_WRITTEN (1 << 1)
#define PAGE_IS_FILE (1 << 2)
#define PAGE_IS_PRESENT (1 << 3)
#define PAGE_IS_SWAPPED (1 << 4)
#define PAGE_IS_PFNZERO (1 << 5)
#define PAGE_IS_HUGE (1 << 6)
#endif
#ifndef PAGE_IS_GUARD
#define PAGE_IS_GUARD (1 << 8) /* since Linux 6.15 */
#endif

static void
mounts (void)
{
  NUMBER (MS_RDONLY);
  NUMBER (MS_NOSUID);
  NUMBER (MS_NODEV);
  NUMBER (MS_NOEXEC);
  NUMBER (MS_REMOUNT);
  printf ("MS_NOSYMFOLLOW %d\n", 256); /* glibc has it since 2.36 only */
  NUMBER (MS_NOATIME);
  NUMBER (MS_BIND);
  NUMBER (MS_MOVE);
  NUMBER (MS_REC);
  NUMBER (MS_SILENT);
  NUMBER (MS_UNBINDABLE);
  NUMBER (MS_PRIVATE);
  NUMBER (MS_SLAVE);
  NUMBER (MS_SHARED);
  NUMBER (MS_RELATIME);
  NUMBER (MNT_FORCE);
  NUMBER (MNT_DETACH);
  NUMBER (MNT_EXPIRE);
  NUMBER (UMOUNT_NOFOLLOW);
  NUMBER (EXT4_SUPER_MAGIC);
  NUMBER (TMPFS_MAGIC);
  NUMBER (OVERLAYFS_SUPER_MAGIC);
  NUMBER (SQUASHFS_MAGIC);
  NUMBER (XFS_SUPER_MAGIC);
  NUMBER (BTRFS_SUPER_MAGIC);
  NUMBER (NFS_SUPER_MAGIC);
  NUMBER (CGROUP2_SUPER_MAGIC);
}

static void
files (void)
{
  NUMBER (O_RDONLY);
  NUMBER (O_WRONLY);
  NUMBER (O_RDWR);
  NUMBER (O_CREAT);
  NUMBER (O_EXCL);
  NUMBER (O_NOCTTY);
  NUMBER (O_TRUNC);
  NUMBER (O_APPEND);
  NUMBER (O_NONBLOCK);
  NUMBER (O_DIRECTORY);
  NUMBER (O_NOFOLLOW);
  NUMBER (O_NOATIME);
  NUMBER (O_PATH);
  NUMBER (O_CLOEXEC);
  NUMBER (RESOLVE_NO_XDEV);
  NUMBER (RESOLVE_NO_MAGICLINKS);
  NUMBER (RESOLVE_NO_SYMLINKS);
  NUMBER (RESOLVE_BENEATH);
  NUMBER (RESOLVE_IN_ROOT);
  NUMBER (RENAME_NOREPLACE);
  NUMBER (RENAME_EXCHANGE);
  NUMBER (S_IFREG);
  NUMBER (S_IFDIR);
  NUMBER (S_IFLNK);
  NUMBER (S_IFCHR);
  NUMBER (S_IFBLK);
  NUMBER (S_IFIFO);
  NUMBER (S_IFSOCK);
  NUMBER (AT_FDCWD);
  NUMBER (AT_SYMLINK_NOFOLLOW);
  NUMBER (AT_REMOVEDIR);
  NUMBER (AT_EMPTY_PATH);
  NUMBER (UTIME_OMIT);
  NUMBER (STATX_BASIC_STATS);
  NUMBER (SEEK_DATA);
  NUMBER (SEEK_HOLE);
  NUMBER (FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE);
  NUMBER (F_DUPFD_CLOEXEC);
  NUMBER (F_GET_SEALS);
  NUMBER (F_SEAL_WRITE);
  NUMBER (F_SEAL_FUTURE_WRITE);
}

static void
others (void)
{
  NUMBER (POLLIN);
  NUMBER (POLLOUT);
  NUMBER (POLLERR);
  NUMBER (POLLHUP);
  NUMBER (POLLNVAL);
  NUMBER (AF_UNIX);
  NUMBER (SOCK_STREAM);
  NUMBER (SOCK_SEQPACKET);
  NUMBER (SOCK_CLOEXEC);
  NUMBER (SHUT_WR);
  NUMBER (SOL_SOCKET);
  NUMBER (SO_SNDBUFFORCE);
  NUMBER (TIOCGWINSZ);
  NUMBER (TIOCSWINSZ);
  NUMBER (WNOHANG);
  NUMBER (LOCK_SH);
  NUMBER (LOCK_EX);
  NUMBER (LOCK_NB);
  NUMBER (LOCK_UN);
  NUMBER (FAN_CLASS_NOTIF);
  NUMBER (FAN_CLOEXEC);
  NUMBER (FAN_NONBLOCK);
  NUMBER (FAN_UNLIMITED_QUEUE);
  NUMBER (FAN_REPORT_DFID_NAME_TARGET);
  NUMBER (FAN_EVENT_INFO_TYPE_FID);
  NUMBER (FAN_MARK_ADD);
  NUMBER (FAN_MARK_FILESYSTEM);
  NUMBER (FAN_MODIFY);
  NUMBER (FAN_ATTRIB);
  NUMBER (FAN_CLOSE_WRITE);
  NUMBER (FAN_MOVED_FROM);
  NUMBER (FAN_MOVED_TO);
  NUMBER (FAN_CREATE);
  NUMBER (FAN_DELETE);
  NUMBER (FAN_Q_OVERFLOW);
  NUMBER (FAN_ONDIR);
  NUMBER (FAN_EVENT_INFO_TYPE_DFID_NAME);
  SIZE (struct fanotify_event_metadata);
  SIZE (struct fanotify_event_info_header);
  SIZE (__kernel_fsid_t);
  SIZE (struct file_handle);
  NUMBER (LOOP_CLR_FD);
  NUMBER (LOOP_GET_STATUS64);
  NUMBER (LOOP_CONFIGURE);
  NUMBER (LOOP_CTL_GET_FREE);
  NUMBER (LO_FLAGS_READ_ONLY);
  NUMBER (LO_FLAGS_AUTOCLEAR);
  NUMBER (LO_FLAGS_PARTSCAN);
  NUMBER (LO_FLAGS_DIRECT_IO);
  NUMBER (SYS_openat2);
  NUMBER (SYS_pidfd_open);
  NUMBER (SYS_pidfd_send_signal);
  NUMBER (POSIX_SPAWN_SETSIGDEF);
  NUMBER (POSIX_SPAWN_SETSIGMASK);
  NUMBER (POSIX_SPAWN_SETSID);
}

static void
memory (void)
{
  NUMBER (SYS_pidfd_getfd);
  NUMBER (UFFDIO_REGISTER);
  NUMBER (UFFDIO_REGISTER_MODE_WP);
  NUMBER (UFFDIO_WRITEPROTECT);
  SIZE (struct uffdio_register);
  SIZE (struct uffdio_writeprotect);
  OFFSET (struct uffdio_register, mode);
  OFFSET (struct uffdio_writeprotect, mode);
  NUMBER (PAGEMAP_SCAN);
  NUMBER (PM_SCAN_WP_MATCHING);
  NUMBER (PM_SCAN_CHECK_WPASYNC);
  NUMBER (PAGE_IS_WPALLOWED);
  NUMBER (PAGE_IS_WRITTEN);
  NUMBER (PAGE_IS_FILE);
  NUMBER (PAGE_IS_PRESENT);
  NUMBER (PAGE_IS_SWAPPED);
  NUMBER (PAGE_IS_PFNZERO);
  NUMBER (PAGE_IS_HUGE);
  NUMBER (PAGE_IS_GUARD);
  SIZE (struct pm_scan_arg);
  OFFSET (struct pm_scan_arg, walk_end);
  SIZE (struct page_region);
  SIZE (struct iovec);
  SIZE (struct sockaddr_un);
}

static void
layouts (void)
{
  SIZE (struct statx);
  OFFSET (struct statx, stx_nlink);
  OFFSET (struct statx, stx_uid);
  OFFSET (struct statx, stx_gid);
  OFFSET (struct statx, stx_mode);
  OFFSET (struct statx, stx_ino);
  OFFSET (struct statx, stx_size);
  OFFSET (struct statx, stx_blocks);
  OFFSET (struct statx, stx_atime);
  OFFSET (struct statx, stx_ctime);
  OFFSET (struct statx, stx_mtime);
  OFFSET (struct statx, stx_rdev_major);
  OFFSET (struct statx, stx_dev_major);
  SIZE (struct statfs);
  OFFSET (struct statfs, f_ffree);
  SIZE (struct open_how);
  SIZE (struct winsize);
  SIZE (struct pollfd);
  OFFSET (struct pollfd, revents);
  OFFSET (struct dirent64, d_reclen);
  OFFSET (struct dirent64, d_name);
  SIZE (struct loop_info64);
  OFFSET (struct loop_info64, lo_flags);
  SIZE (struct loop_config);
  OFFSET (struct loop_config, info.lo_flags);
  OFFSET (struct loop_config, block_size);
  SIZE (sigset_t);
  SIZE (posix_spawn_file_actions_t);
  SIZE (posix_spawnattr_t);
}

int
main (void)
{
  mounts ();
  files ();
  others ();
  memory ();
  layouts ();
  for (int i = 1; i < 200; i++)
    if (strerrorname_np (i))
      printf ("errno %s %d %s\n", strerrorname_np (i), i, strerrordesc_np (i));
  for (int i = 1; i < 32; i++)
    printf ("signal %s %d\n", sigabbrev_np (i), i);
  return 0;
}
