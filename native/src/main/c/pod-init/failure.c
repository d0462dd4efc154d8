#include "failure.h"

#include <stdio.h>
#include <string.h>

int fail(struct failure *why, const char *stage, int error, const char *format, ...) {
  va_list args;
  snprintf(why->stage, sizeof why->stage, "%s", stage);
  why->error = error;
  va_start(args, format);
  vsnprintf(why->message, sizeof why->message, format, args);
  va_end(args);
  return -1;
}

/* Kernel errnos that say less than the kernel knows. An empty stage matches every stage. */
static const struct {
  const char *stage;
  int error;
  const char *hint;
} HINTS[] = {
    {"clone", ENOSPC, "a limit in /proc/sys/user/max_*_namespaces is reached"},
    {"clone", EPERM, "run as root; in a container, allow the creation of user namespaces"},
    {"clone", EINVAL, "the kernel was built without one of the pid, mnt, net, ipc, uts and user namespaces"},
    {"maps", EPERM, "the ranges must lie within the caller's own user namespace"},
    {"maps", EINVAL, "ranges overlap, or there are more than 340 of them"},
    {"cgroup", EBUSY, "a v2 cgroup that enables controllers for its children can hold no process itself"},
    {"cgroup", ENOSPC, "a v1 cpuset needs cpuset.cpus and cpuset.mems before a process can join"},
    {"mount", EPERM,
     "a user namespace may mount proc only where the host's own /proc is not covered, and may not clear nodev, nosuid "
     "or noexec"},
    {"mount", EINVAL, "an unknown option, or a bind without rbind of a tree that has mounts locked below it"},
    {"mount", ENOSPC, "/proc/sys/fs/mount-max is reached (typically 100000)"},
    {"pivot", EINVAL, "the root must be a mount point, and no mount above it may be shared"},
    {"init", ENOENT, "/.pod/init is missing from the pod's tree"},
    {"namespaces", EPERM, "run as root; the caller must not be in a chroot"},
    {"namespaces", ESRCH, "the pod has ended"},
    {"", ENOSYS, "a kernel of 5.12 or newer is needed"},
    {"", EPERM, "run as root with every capability the plan asks for"},
    {"", ENOSPC, "the file system is full, or a kernel limit is reached"},
};

const char *failure_hint(const struct failure *why) {
  for (size_t i = 0; i < sizeof HINTS / sizeof *HINTS; i++)
    if (HINTS[i].error == why->error && (HINTS[i].stage[0] == '\0' || strcmp(HINTS[i].stage, why->stage) == 0))
      return HINTS[i].hint;
  return NULL;
}
