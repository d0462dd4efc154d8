/* `pod-init run`: makes a pod from the plan on stdin and stays as the monitor of its pid 1. */
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "birth.h"
#include "cgroup.h"
#include "monitor.h"
#include "report.h"
#include "sync.h"
#include "verbs.h"

struct pod {
  pid_t pid;
  int pidfd;
  int sync;
};

static int clone_init(struct plan *plan, struct pod *pod, struct failure *why) {
  int ends[2];
  if (sync_pair(ends, why) < 0) return -1;
  uint64_t userns = plan->uids.count > 0 ? CLONE_NEWUSER : 0;
  struct clone_args args = {
      .flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_PIDFD | userns,
      .pidfd = (uint64_t)(uintptr_t)&pod->pidfd,
      .exit_signal = SIGCHLD,
  };
  long pid = syscall(SYS_clone3, &args, sizeof args);
  if (pid == 0) birth_of_init(plan, ends[1]);
  int error = errno;
  close(ends[1]);
  pod->pid = (pid_t)pid;
  pod->sync = ends[0];
  if (pid > 0) return 0;
  close(ends[0]);
  return fail(why, "clone", error, "new namespaces");
}

static int write_map(pid_t pid, const char *which, const struct id_map *map, struct failure *why) {
  cleanup_free char *path = xasprintf("/proc/%d/%s", pid, which);
  cleanup_free char *text = xstrdup("");
  for (size_t i = 0; i < map->count; i++) {
    const struct id_range *range = &map->ranges[i];
    char *longer = xasprintf("%s%u %u %u\n", text, range->inside, range->outside, range->count);
    free(text);
    text = longer;
  }
  /* The kernel takes a map in one write or not at all. */
  cleanup_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) return fail(why, "maps", errno, "%s", path);
  return 0;
}

/* 0 once `go` has come; -1 when the caller says something else, goes away, or the pod dies first. */
static int await_go(struct lines *lines, const struct pod *pod, struct failure *why) {
  struct pollfd fds[] = {{.fd = lines->fd, .events = POLLIN}, {.fd = pod->pidfd, .events = POLLIN}};
  while (!lines_buffered(lines) && fds[0].revents == 0) {
    if (TEMP_FAILURE_RETRY(poll(fds, 2, -1)) < 0) return fail(why, "go", errno, "poll");
    if (fds[1].revents != 0) return fail(why, "go", 0, "the pod's first process was killed");
  }
  char *line;
  int got = lines_next(lines, &line);
  if (got < 0) return fail(why, "go", errno, "reading stdin");
  if (got == 0) return fail(why, "go", 0, "stdin was closed before 'go'");
  return strcmp(line, "go") == 0 ? 0 : fail(why, "go", EPROTO, "'%.32s' in place of 'go'", line);
}

static int bring_up(const struct plan *plan, const struct pod *pod, struct lines *lines, struct failure *why) {
  if (plan->uids.count > 0) {
    if (write_map(pod->pid, "uid_map", &plan->uids, why) < 0) return -1;
    if (write_map(pod->pid, "gid_map", &plan->gids, why) < 0) return -1;
  }
  if (cgroups_join(&plan->cgroups, pod->pid, why) < 0) return -1;
  if (sync_send(pod->sync, SYNC_MAP_DONE) < 0) return fail(why, "sync", errno, "MAP_DONE");
  if (sync_expect(pod->sync, SYNC_READY, NULL, why) < 0) return -1;
  report_created(pod->pid, getpid());
  if (await_go(lines, pod, why) < 0) return -1;
  if (sync_send(pod->sync, SYNC_RUN) < 0) return fail(why, "sync", errno, "RUN");
  return sync_expect(pod->sync, SYNC_STARTED, NULL, why);
}

static int wait_for(pid_t pid) {
  int status;
  if (TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) < 0) die_errno("waitpid");
  return status;
}

/* -1 with *why, and nothing left of the pod. */
static int start(struct plan *plan, struct lines *lines, struct pod *pod, struct failure *why) {
  if (clone_init(plan, pod, why) < 0) return -1;
  int done = bring_up(plan, pod, lines, why);
  if (done < 0) {
    /* pid 1 takes everything in its namespaces along; only when it is reaped is nothing left. */
    kill(pod->pid, SIGKILL);
    wait_for(pod->pid);
  }
  close(pod->sync);
  close(pod->pidfd);
  return done;
}

static int run(struct plan *plan, struct lines *lines) {
  struct pod pod;
  struct failure why;
  if (plan_read(lines, PLAN_RUN, plan, &why) < 0 || start(plan, lines, &pod, &why) < 0) {
    report_failed(&why);
    return 1;
  }
  report_started(0);
  monitor_detach();
  return monitor_conclude(plan->exit_file, wait_for(pod.pid), plan->on_exit.items);
}

int verb_run(int argc, char **argv) {
  (void)argv;
  if (argc > 1) die("run takes no arguments: the plan comes on stdin");
  if (close_range(3, ~0U, 0) < 0) die_errno("close_range");
  monitor_split();
  struct lines lines = {.fd = STDIN_FILENO, .cap = PLAN_MAX_LINE};
  struct plan plan;
  int status = run(&plan, &lines);
  plan_free(&plan);
  lines_free(&lines);
  return status;
}
