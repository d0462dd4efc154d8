/* `pod-init uffd`: gets a userfaultfd of other processes' address spaces and offers it to its parent, which takes it with
 * pidfd_getfd(2). Reads pids from standard input, one a line; answers each with
 *
 *   uffd PID FD          the descriptor is FD here, until the next line comes
 *   failed PID REASON
 *
 * A process of its own, and no JVM: between two calls of ptrace(2) a process stands with foreign registers, and would run
 * on with them if its tracer were killed. */
#include <fcntl.h>
#include <limits.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "inject.h"
#include "util.h"
#include "verbs.h"

#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM (1 << 12) /* since Linux 5.19 */
#endif
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13) /* since Linux 6.4 */
#endif
#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC (1 << 15) /* since Linux 6.7 */
#endif

/* Writes resolve themselves: nobody has to answer, so nobody's death can stop the process. */
static const uint64_t FEATURES = UFFD_FEATURE_WP_ASYNC | UFFD_FEATURE_WP_UNPOPULATED | UFFD_FEATURE_WP_HUGETLBFS_SHMEM;

/* The process's new descriptor, or -1 with *why. */
static int copy_out(const struct victim *victim, long theirs, struct failure *why) {
  cleanup_fd int pidfd = (int)syscall(SYS_pidfd_open, victim->pid, 0);
  int ours = pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, theirs, 0);
  return ours >= 0 ? ours : fail(why, "uffd", errno, "pidfd_getfd of pid %d", victim->pid);
}

static int make_in(const struct victim *victim, struct failure *why) {
  /* User faults only: needs no privilege in there. Kernel faults resolve themselves with WP_ASYNC all the same. */
  const uint64_t flags[3] = {O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY, 0, 0};
  long theirs, closed;
  if (victim_call(victim, SYS_userfaultfd, flags, &theirs, why) < 0) return -1;
  if (theirs < 0) return fail(why, "uffd", (int)-theirs, "userfaultfd in pid %d", victim->pid);
  int ours = copy_out(victim, theirs, why);
  const uint64_t descriptor[3] = {(uint64_t)theirs, 0, 0};
  struct failure unclosed;
  if (victim_call(victim, SYS_close, descriptor, &closed, ours < 0 ? &unclosed : why) < 0 && ours >= 0) {
    close(ours);
    return -1;
  }
  return ours;
}

static int uffd_of(pid_t pid, struct failure *why) {
  struct victim victim;
  if (victim_stop(&victim, pid, why) < 0) return -1;
  int fd = make_in(&victim, why);
  victim_release(&victim);
  struct uffdio_api api = {.api = UFFD_API, .features = FEATURES};
  if (fd < 0 || ioctl(fd, UFFDIO_API, &api) == 0) return fd;
  fail(why, "uffd", errno, "UFFDIO_API");
  close(fd);
  return -1;
}

int verb_uffd(int argc, char **argv) {
  (void)argv;
  if (argc > 1) die("uffd takes no arguments");
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    uint64_t pid;
    if (!parse_number(line, 10, INT_MAX, &pid)) die("'%s' is no pid", line);
    struct failure why;
    cleanup_fd int fd = uffd_of((pid_t)pid, &why);
    static int offered = -1;
    if (offered >= 0) close(offered);
    offered = steal_fd(&fd);
    if (offered >= 0)
      printf("uffd %d %d\n", (int)pid, offered);
    else
      printf("failed %d %s: %s\n", (int)pid, why.message, strerror(why.error));
    if (fflush(stdout) != 0) return 1;
    /* It is still to stop, whenever it can, for us: only our end lets it go on. */
    if (offered < 0 && why.error == ETIMEDOUT) return 1;
  }
  return 0;
}
