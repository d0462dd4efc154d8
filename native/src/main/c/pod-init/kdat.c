#include "kdat.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static const char STAGE[] = "kdat";

static int open_tmpfs(const char *directory, struct failure *why) {
  cleanup_fd int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct statfs status;
  if (fd < 0 || fstatfs(fd, &status) < 0) return fail(why, STAGE, errno, "%s", directory);
  if (status.f_type != TMPFS_MAGIC) return fail(why, STAGE, EINVAL, "%s is on no tmpfs", directory);
  return steal_fd(&fd);
}

static int copy_link(int run, int directory, const char *name, struct failure *why) {
  char target[4096];
  ssize_t length = readlinkat(run, name, target, sizeof target - 1);
  if (length < 0) return fail(why, STAGE, errno, "/run/%s", name);
  target[length] = '\0';
  if (unlinkat(directory, name, 0) < 0 && errno != ENOENT) return fail(why, STAGE, errno, "old link %s", name);
  return symlinkat(target, directory, name) < 0 ? fail(why, STAGE, errno, "link %s", name) : 0;
}

static int make_mount_point(int directory, const char *name, bool is_directory) {
  if (is_directory) return mkdirat(directory, name, 0755) < 0 && errno != EEXIST ? -1 : 0;
  cleanup_fd int fd = openat(directory, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  return fd < 0 ? -1 : 0;
}

static int bind_entry(int run, int directory, const char *name, struct failure *why) {
  struct stat status;
  if (fstatat(run, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
    return errno == ENOENT ? 0 : fail(why, STAGE, errno, "/run/%s", name);
  if (S_ISLNK(status.st_mode)) return copy_link(run, directory, name, why);
  if (make_mount_point(directory, name, S_ISDIR(status.st_mode)) < 0)
    return fail(why, STAGE, errno, "mount point %s", name);
  cleanup_fd int copy = open_tree(run, name, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);
  /* What has gone meanwhile is not missed. */
  if (copy < 0) return errno == ENOENT ? 0 : fail(why, STAGE, errno, "/run/%s", name);
  if (move_mount(copy, "", directory, name, MOVE_MOUNT_F_EMPTY_PATH) < 0)
    return fail(why, STAGE, errno, "binding /run/%s", name);
  return 0;
}

static bool is_entry(const char *name) {
  return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strncmp(name, "criu.kdat", 9) != 0;
}

static int bind_entries(DIR *run, int directory, struct failure *why) {
  struct dirent *entry;
  while ((entry = readdir(run)) != NULL)
    if (is_entry(entry->d_name) && bind_entry(dirfd(run), directory, entry->d_name, why) < 0) return -1;
  return 0;
}

int kdat_provide(const char *path, struct failure *why) {
  if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
    return fail(why, STAGE, errno, "a mount namespace for CRIU");
  cleanup_fd int directory = open_tmpfs(path, why);
  if (directory < 0) return -1;
  DIR *run = opendir("/run");
  if (run == NULL) return fail(why, STAGE, errno, "/run");
  int done = bind_entries(run, directory, why);
  closedir(run);
  if (done < 0) return -1;
  return mount(path, "/run", NULL, MS_BIND | MS_REC, NULL) < 0 ? fail(why, STAGE, errno, "binding %s on /run", path)
                                                               : 0;
}
