#include "workload.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "identity.h"

static int take_stdio(const struct session *session, struct failure *why) {
  bool tty = session->master >= 0;
  if (dup2(session->in, 0) < 0 || dup2(tty ? session->in : session->out, 1) < 0 ||
      dup2(tty ? session->in : session->err, 2) < 0)
    return fail(why, "stdio", errno, "dup2");
  if (tty && ioctl(0, TIOCSCTTY, 0) < 0) return fail(why, "tty", errno, "TIOCSCTTY");
  /* Not closed but to be closed: `told` must stay open until the exec has succeeded. */
  if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0) return fail(why, "stdio", errno, "close_range");
  return 0;
}

static int become(const struct launch *launch, char **args, const struct session *session, struct failure *why) {
  reset_signals();
  umask(022);
  if (setsid() < 0) return fail(why, "identity", errno, "setsid");
  if (take_stdio(session, why) < 0) return -1;
  if (identity_become_workload(launch, why) < 0) return -1;
  if (chdir(launch->cwd) < 0) return fail(why, "cwd", errno, "%s", launch->cwd);
  execvp(args[0], args);
  return fail(why, "exec", errno, "%s", args[0]);
}

/* The pipe closes with a successful exec; anything that comes over it is a failure. */
static int await_exec(int told, struct failure *why) {
  ssize_t got = TEMP_FAILURE_RETRY(read(told, why, sizeof *why));
  if (got == 0) return 0;
  return got == (ssize_t)sizeof *why ? -1 : fail(why, "init", got < 0 ? errno : EPROTO, "waiting for the exec");
}

pid_t workload_start(const struct launch *launch, char **args, const struct session *session,
                     int (*after_fork)(const struct launch *launch, struct failure *why), struct failure *why) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return fail(why, "init", errno, "pipe");
  pid_t pid = fork();
  if (pid == 0) {
    struct failure mine = {0};
    become(launch, args, session, &mine);
    (void)!write(ends[1], &mine, sizeof mine);
    _exit(127);
  }
  int fork_error = errno;
  close(ends[1]);
  cleanup_fd int told = ends[0];
  if (pid < 0) return fail(why, "init", fork_error, "fork");
  if (after_fork(launch, why) == 0 && await_exec(told, why) == 0) return pid;
  kill(pid, SIGKILL);
  TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0));
  return -1;
}
