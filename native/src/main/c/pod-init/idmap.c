/* `pod-init idmap SOURCE TARGET SHIFT COUNT`: mounts the directory SOURCE on TARGET once more, there with every owner
 * 0..COUNT-1 moved up by SHIFT, and without what is mounted in it. Files that root owns on disk are then those of a
 * pod's root, who is not the host's. See mount_setattr(2), ID-mapped mounts. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "util.h"
#include "verbs.h"

/* A process in a new user namespace, which lives only to give it its map. */
static pid_t holder(void) {
  long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);
  if (pid < 0) die_errno("new user namespace");
  if (pid > 0) return (pid_t)pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  while (true)
    pause();
}

static int write_map(pid_t pid, const char *which, uint32_t shift, uint32_t count) {
  cleanup_free char *path = xasprintf("/proc/%d/%s", pid, which);
  cleanup_free char *map = xasprintf("0 %u %u", shift, count);
  cleanup_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
  return fd < 0 ? -1 : write_all(fd, map, strlen(map));
}

/* A user namespace with the map, as mount_setattr takes it. -1 with errno. */
static int namespace_of(pid_t pid, uint32_t shift, uint32_t count) {
  cleanup_free char *path = xasprintf("/proc/%d/ns/user", pid);
  if (write_map(pid, "uid_map", shift, count) < 0 || write_map(pid, "gid_map", shift, count) < 0) return -1;
  return open(path, O_RDONLY | O_CLOEXEC);
}

static int mapped_namespace(uint32_t shift, uint32_t count) {
  pid_t pid = holder();
  int fd = namespace_of(pid, shift, count);
  int error = errno;
  kill(pid, SIGKILL);
  TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0));
  errno = error;
  if (fd < 0) die_errno("map of the user namespace");
  return fd;
}

static void map_mount(const char *source, const char *target, int namespace) {
  cleanup_fd int tree = open_tree(AT_FDCWD, source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  if (tree < 0) die_errno("%s", source);
  struct mount_attr attributes = {
      .attr_set = MOUNT_ATTR_IDMAP, .propagation = MS_PRIVATE, .userns_fd = (uint64_t)namespace};
  if (mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes) < 0)
    die_errno("the file system of %s cannot map owners", source);
  if (move_mount(tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) < 0) die_errno("%s", target);
}

int verb_idmap(int argc, char **argv) {
  uint64_t shift, count;
  if (argc != 5 || !parse_number(argv[3], 10, UINT32_MAX, &shift) || !parse_number(argv[4], 10, UINT32_MAX, &count))
    die("usage: pod-init idmap SOURCE TARGET SHIFT COUNT");
  cleanup_fd int namespace = mapped_namespace((uint32_t)shift, (uint32_t)count);
  map_mount(argv[1], argv[2], namespace);
  return 0;
}
