/* `pod-init criu` and `pod-init restore`: a CRIU worker that speaks RPC on an inherited socket; and, for a restore, the
 * monitor that becomes the parent of the pod's pid 1 when that worker ends. */
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "cgroup.h"
#include "ending.h"
#include "kdat.h"
#include "monitor.h"
#include "nspid.h"
#include "report.h"
#include "verbs.h"

struct job {
  int fd; /* criu's end of the socket */
  const char *criu, *log, *kdat, *exit_file;
  char **on_exit; /* NULL-terminated */
  struct strv cgroups;
};

enum { FD = 1, CRIU, LOG, KDAT, EXIT_FILE, CGROUP };

static const struct option OPTIONS[] = {
    {"fd", required_argument, NULL, FD},
    {"criu", required_argument, NULL, CRIU},
    {"log", required_argument, NULL, LOG},
    {"kdat", required_argument, NULL, KDAT},
    {"exit-file", required_argument, NULL, EXIT_FILE},
    {"cgroup", required_argument, NULL, CGROUP},
    {0},
};

static void take_fd(struct job *job, const char *text) {
  uint64_t fd;
  if (!parse_number(text, 10, INT_MAX, &fd) || fd < 3) die("--fd %s: a descriptor above 2 is wanted", text);
  if (fcntl((int)fd, F_SETFD, 0) < 0) die_errno("--fd %s", text);
  job->fd = (int)fd;
}

static struct job parse(int argc, char **argv) {
  struct job job = {.fd = -1};
  int key;
  while ((key = getopt_long(argc, argv, "+", OPTIONS, NULL)) != -1)
    switch (key) {
      case FD:
        take_fd(&job, optarg);
        break;
      case CRIU:
        job.criu = optarg;
        break;
      case LOG:
        job.log = optarg;
        break;
      case KDAT:
        job.kdat = optarg;
        break;
      case EXIT_FILE:
        job.exit_file = optarg;
        break;
      case CGROUP:
        strv_push(&job.cgroups, xstrdup(optarg));
        break;
      default:
        exit(2);
    }
  job.on_exit = argv + optind;
  if (job.fd < 0 || job.criu == NULL || job.log == NULL) die("--fd N, --criu PATH and --log FILE are wanted");
  if (job.on_exit[0] != NULL && (job.exit_file == NULL || job.on_exit[0][0] != '/'))
    die("a command to run at the end is an absolute path, and only restore takes one");
  return job;
}

/* CRIU judges a task's descriptors and children as its own too: it gets nothing but its socket and its log. */
static int leave_only(const struct job *job, int keep, struct failure *why) {
  unsigned low = (unsigned)(keep < job->fd ? keep : job->fd);
  unsigned high = (unsigned)(keep < job->fd ? job->fd : keep);
  if ((low > 3 && close_range(3, low - 1, 0) < 0) || (high > low + 1 && close_range(low + 1, high - 1, 0) < 0) ||
      close_range(high + 1, ~0U, 0) < 0)
    return fail(why, "criu", errno, "close_range");
  cleanup_fd int log = open(job->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return fail(why, "criu", errno, "%s", job->log);
  if (stdio_to_null() < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) return fail(why, "criu", errno, "stdio");
  return 0;
}

/* Turns the caller into `criu swrk N`; returns only in failure. `keep` stays open until the exec has succeeded. */
static int become_criu(const struct job *job, int keep, struct failure *why) {
  cleanup_free char *number = xasprintf("%d", job->fd);
  char *argv[] = {(char *)job->criu, "swrk", number, NULL};
  /* Refused to a process that leads its group: one started in a session of its own already, which is as good. */
  setsid();
  reset_signals();
  if (cgroups_join(&job->cgroups, 0, why) < 0) return -1;
  if (job->kdat != NULL && kdat_provide(job->kdat, why) < 0) return -1;
  if (leave_only(job, keep, why) < 0) return -1;
  execv(job->criu, argv);
  return fail(why, "criu", errno, "%s", job->criu);
}

int verb_criu(int argc, char **argv) {
  struct job job = parse(argc, argv);
  struct failure why;
  /* The caller reads end of file, without a line, once the exec has succeeded. */
  int told = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (told < 0) die_errno("stdout");
  become_criu(&job, told, &why);
  dup2(told, STDOUT_FILENO);
  report_failed(&why);
  return 1;
}

/* The worker's pid once its exec has succeeded; -1 with *why. */
static pid_t start_criu(const struct job *job, struct failure *why) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return fail(why, "criu", errno, "pipe");
  pid_t pid = fork();
  if (pid == 0) {
    struct failure mine;
    become_criu(job, ends[1], &mine);
    (void)!write(ends[1], &mine, sizeof mine);
    _exit(1);
  }
  int fork_error = errno;
  close(ends[1]);
  cleanup_fd int told = ends[0];
  if (pid < 0) return fail(why, "criu", fork_error, "fork");
  ssize_t got = TEMP_FAILURE_RETRY(read(told, why, sizeof *why));
  if (got == 0) return pid;
  TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0));
  return got == (ssize_t)sizeof *why ? -1 : fail(why, "criu", EPROTO, "waiting for the exec");
}

/* Reaps until the pod's pid 1 has ended. 0 with its wait status; -1 when no child is left, or the restore had failed:
 * what ends after that never was a pod, and an exit file would say that one has run here. */
static int outlive(pid_t criu, int *ending) {
  bool restored = true;
  siginfo_t child;
  while (TEMP_FAILURE_RETRY(waitid(P_ALL, 0, &child, WEXITED | WNOWAIT)) == 0) {
    /* A zombie, so that /proc still knows it. */
    bool is_pod = child.si_pid != criu && nspid_is_init(child.si_pid);
    TEMP_FAILURE_RETRY(waitpid(child.si_pid, ending, 0));
    if (is_pod) return restored ? 0 : -1;
    if (child.si_pid == criu) restored = *ending == 0;
  }
  return -1;
}

int verb_restore(int argc, char **argv) {
  struct job job = parse(argc, argv);
  struct failure why;
  if (job.exit_file == NULL || job.exit_file[0] != '/') die("--exit-file: an absolute path is wanted");
  monitor_split();
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) die_errno("PR_SET_CHILD_SUBREAPER");
  pid_t criu = start_criu(&job, &why);
  if (criu < 0) {
    report_failed(&why);
    return 1;
  }
  report_criu(criu, getpid());
  close(job.fd);
  monitor_detach();
  if (close_range(3, ~0U, 0) < 0) die_errno("close_range");
  int ending;
  strv_free(&job.cgroups);
  if (outlive(criu, &ending) < 0) return 1;
  return monitor_conclude(job.exit_file, ending, job.on_exit);
}
