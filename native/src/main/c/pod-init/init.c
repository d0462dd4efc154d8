/* `/.pod/init init` (a pod's pid 1) and `/.pod/init supervise` (an exec session): keepers of one workload each. They
 * start it, carry its terminal, hand signals on, reap, and tell its end: pid 1 by its own, a supervisor in a status
 * file. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "ending.h"
#include "identity.h"
#include "relay.h"
#include "sync.h"
#include "verbs.h"
#include "workload.h"

struct keeper {
  struct session session;
  char **command;
  pid_t workload;
  int signals;
  int ending; /* the workload's wait status */
};

/* Blocked from the first: a signal that comes before the workload exists must wait for it, not be lost. */
static int watch_signals(struct failure *why) {
  sigset_t all;
  sigfillset(&all);
  if (sigprocmask(SIG_SETMASK, &all, NULL) < 0) return fail(why, "init", errno, "sigprocmask");
  int fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  return fd < 0 ? fail(why, "init", errno, "signalfd") : fd;
}

/* The descriptors of the caller end here: the helper outside gave /dev/null of the host. */
static int sever(const struct session_args *args, struct failure *why) {
  if (fcntl(args->status_fd, F_SETFD, FD_CLOEXEC) < 0) return fail(why, "init", errno, "status descriptor");
  return stdio_to_null() < 0 ? fail(why, "stdio", errno, "/dev/null") : 0;
}

static int keep_little(const struct launch *launch, struct failure *why) {
  return identity_keep_for_init(launch->caps, why);
}

/* Whoever looks for a program by its command line (pkill -f) means the workload, not its keeper. Done before there is
 * a workload that could look. The copy lives as long as the keeper. */
static char **hide_command(char **args) {
  struct strv copy = {0};
  for (; *args != NULL; args++) {
    strv_push(&copy, xstrdup(*args));
    memset(*args, 0, strlen(*args));
  }
  return copy.items;
}

static int start(struct keeper *keeper, const struct session_args *args, struct failure *why) {
  if (sever(args, why) < 0) return -1;
  keeper->signals = watch_signals(why);
  if (keeper->signals < 0) return -1;
  if (session_open(&keeper->session, args->dir, &args->launch, why) < 0) return -1;
  keeper->command = hide_command(args->args);
  keeper->workload = workload_start(&args->launch, keeper->command, &keeper->session, keep_little, why);
  if (keeper->workload < 0) return -1;
  session_close_workload_side(&keeper->session);
  /* From here on the pod stands on its own: it outlives its monitor, and is dumped without a tie to it. */
  return prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0 ? fail(why, "init", errno, "PR_SET_PDEATHSIG") : 0;
}

/* A WINCH that is word from outside (terminal resized, input ended) is not meant for the workload; any other is: to
 * some servers it means a graceful stop. */
static void pass_on(struct keeper *keeper, int signal) {
  if (signal == SIGWINCH && (session_resize(&keeper->session) || session_end_input(&keeper->session))) return;
  kill(keeper->workload, signal);
}

/* Not handed on: what concerns the keeper's own children, and what a fault of the keeper itself would raise. */
static bool is_own(int signal) {
  switch (signal) {
    case SIGCHLD:
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGSYS:
    case SIGPIPE:
      return true;
    default:
      return false;
  }
}

static void take_signals(struct keeper *keeper) {
  struct signalfd_siginfo info;
  while (TEMP_FAILURE_RETRY(read(keeper->signals, &info, sizeof info)) == (ssize_t)sizeof info)
    if (!is_own((int)info.ssi_signo)) pass_on(keeper, (int)info.ssi_signo);
}

/* Reaps whatever has ended. True if the workload was among it. */
static bool reap(struct keeper *keeper) {
  bool ended = false;
  int status;
  pid_t pid;
  while ((pid = TEMP_FAILURE_RETRY(waitpid(-1, &status, WNOHANG))) > 0)
    if (pid == keeper->workload) {
      keeper->ending = status;
      ended = true;
    }
  return ended;
}

static void keep(struct keeper *keeper) {
  struct relay relay = {.session = &keeper->session};
  while (!reap(keeper)) {
    struct pollfd fds[3] = {{.fd = keeper->signals, .events = POLLIN}};
    relay_poll(&relay, fds + 1);
    if (TEMP_FAILURE_RETRY(poll(fds, 3, -1)) < 0) continue;
    if (fds[0].revents != 0) take_signals(keeper);
    relay_move(&relay, fds + 1);
  }
  relay_drain(&relay);
}

/* Starts, tells the outside how that went, and keeps until the end. Exits in failure. */
static void live(struct keeper *keeper, const struct session_args *args) {
  struct failure why;
  if (start(keeper, args, &why) < 0) {
    sync_send_failure(args->status_fd, &why);
    _exit(1);
  }
  sync_send(args->status_fd, SYNC_STARTED);
  close(args->status_fd);
  keep(keeper);
}

int verb_init(int argc, char **argv) {
  struct session_args args = session_args_parse(argc, argv);
  struct keeper keeper = {.signals = -1};
  live(&keeper, &args);
  /* The kernel now kills what is left in the pod. */
  return ending_code(keeper.ending);
}

int verb_supervise(int argc, char **argv) {
  struct session_args args = session_args_parse(argc, argv);
  struct keeper keeper = {.signals = -1};
  live(&keeper, &args);
  cleanup_free char *status = xasprintf("%s/status", args.dir);
  return ending_write(status, keeper.ending) < 0;
}
