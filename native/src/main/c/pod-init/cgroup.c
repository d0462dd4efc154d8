#include "cgroup.h"

#include <fcntl.h>
#include <string.h>

static int join(const char *directory, const char *pid, struct failure *why) {
  cleanup_free char *path = xasprintf("%s/cgroup.procs", directory);
  cleanup_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write_all(fd, pid, strlen(pid)) < 0) return fail(why, "cgroup", errno, "joining %s", directory);
  return 0;
}

int cgroups_join(const struct strv *directories, pid_t pid, struct failure *why) {
  cleanup_free char *text = xasprintf("%d", pid);
  for (size_t i = 0; i < directories->count; i++)
    if (join(directories->items[i], text, why) < 0) return -1;
  return 0;
}
