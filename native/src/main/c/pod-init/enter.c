/* `pod-init exec`: starts a supervised command in a running pod, as a child that the pod's own pid 1 adopts. */
#include <sched.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "birth.h"
#include "cgroup.h"
#include "identity.h"
#include "nspid.h"
#include "report.h"
#include "sync.h"
#include "verbs.h"

/* All in one call, so that the kernel checks every entry with the caller's own rights: from within the pod's user
 * namespace the time namespace, the host's until a first restore, could not be joined any more. */
static int enter_namespaces(const struct plan *plan, struct failure *why) {
  cleanup_fd int pidfd = pidfd_open(plan->pid, 0);
  if (pidfd < 0) return fail(why, "namespaces", errno, "pid %d", plan->pid);
  if (!nspid_is_init(plan->pid)) return fail(why, "namespaces", ESRCH, "pid %d is no pod's pid 1", plan->pid);
  int flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC;
  /* Joining the user namespace one is already in is refused. */
  if (plan->own_userns) flags |= CLONE_NEWUSER;
  if (access("/proc/self/ns/time", F_OK) == 0) flags |= CLONE_NEWTIME;
  return setns(pidfd, flags) < 0 ? fail(why, "namespaces", errno, "entering those of pid %d", plan->pid) : 0;
}

/* The future supervisor: in every namespace of the pod, an orphan adopted by its pid 1. */
static int supervise(const struct plan *plan, struct failure *why) {
  if (setsid() < 0) return fail(why, "identity", errno, "setsid");
  if (identity_become_root(why) < 0) return -1;
  if (sync_send(SYNC_FD, SYNC_READY) < 0) return fail(why, "sync", errno, "READY");
  if (sync_expect(SYNC_FD, SYNC_RUN, NULL, why) < 0) return -1;
  cleanup_free char *directory = xasprintf("/.pod/exec/%s", plan->id);
  return birth_exec_init(plan, "supervise", directory, why);
}

/* Forks `then` and waits for it. A process whose own namespaces are to change must be a new one: setns moves only the
 * children into a pid namespace. */
static int step(const struct plan *plan, int (*then)(const struct plan *, struct failure *), bool wait,
                struct failure *why) {
  pid_t pid = fork();
  if (pid < 0) return fail(why, "namespaces", errno, "fork");
  if (pid > 0) {
    if (wait) TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0));
    return 0;
  }
  struct failure mine;
  if (then(plan, &mine) == 0) _exit(0);
  sync_send_failure(SYNC_FD, &mine);
  _exit(1);
}

/* Ends at once, which orphans the supervisor. Its parent, not it, is outside the pid namespace: an orphan is adopted
 * within its dead parent's namespace. */
static int orphan(const struct plan *plan, struct failure *why) {
  return step(plan, supervise, false, why);
}

static int enter(const struct plan *plan, struct failure *why) {
  return enter_namespaces(plan, why) < 0 ? -1 : step(plan, orphan, true, why);
}

static void go_inside(const struct plan *plan, int sync) {
  struct failure why;
  if (birth_sever(sync, &why) < 0) {
    sync_send_failure(sync, &why);
    _exit(1);
  }
  if (enter(plan, &why) == 0) _exit(0);
  sync_send_failure(SYNC_FD, &why);
  _exit(1);
}

/* Everything up to STARTED. *supervisor is its pid as seen from here. */
static int attend(const struct plan *plan, int sync, pid_t *supervisor, struct failure *why) {
  if (sync_expect(sync, SYNC_READY, supervisor, why) < 0) return -1;
  if (cgroups_join(&plan->cgroups, *supervisor, why) < 0) return -1;
  if (sync_send(sync, SYNC_RUN) < 0) return fail(why, "sync", errno, "RUN");
  return sync_expect(sync, SYNC_STARTED, NULL, why);
}

static int exec_in_pod(const struct plan *plan, struct failure *why) {
  int ends[2];
  if (sync_pair(ends, why) < 0) return -1;
  pid_t pid = fork();
  if (pid < 0) return fail(why, "clone", errno, "fork");
  if (pid == 0) go_inside(plan, ends[1]);
  close(ends[1]);
  pid_t supervisor = 0;
  int done = attend(plan, ends[0], &supervisor, why);
  TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0));
  if (done == 0) report_started(supervisor);
  if (done < 0) {
    /* Whoever is inside reads end of file and goes; when our reading ends too, it has gone. */
    struct failure ignored;
    shutdown(ends[0], SHUT_WR);
    sync_expect(ends[0], SYNC_STARTED, NULL, &ignored);
  }
  close(ends[0]);
  return done;
}

int verb_exec(int argc, char **argv) {
  (void)argv;
  if (argc > 1) die("exec takes no arguments: the plan comes on stdin");
  reset_signals();
  signal(SIGPIPE, SIG_IGN);
  if (close_range(3, ~0U, 0) < 0) die_errno("close_range");
  struct lines lines = {.fd = STDIN_FILENO, .cap = PLAN_MAX_LINE};
  struct plan plan;
  struct failure why;
  int done = plan_read(&lines, PLAN_EXEC, &plan, &why);
  if (done == 0) done = exec_in_pod(&plan, &why);
  if (done < 0) report_failed(&why);
  plan_free(&plan);
  lines_free(&lines);
  return done < 0;
}
