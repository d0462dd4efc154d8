#include "birth.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "identity.h"
#include "mounts.h"
#include "sync.h"

static const char INIT[] = "/.pod/init";

int birth_sever(int sync, struct failure *why) {
  reset_signals();
  umask(022);
  /* While this process still runs the host's binary nobody in the pod may reach that binary through /proc/PID/exe. The
   * exec of /.pod/init makes the process dumpable again. */
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) return fail(why, "identity", errno, "PR_SET_DUMPABLE");
  if (sync != SYNC_FD && dup3(sync, SYNC_FD, O_CLOEXEC) < 0) return fail(why, "stdio", errno, "dup3");
  if (stdio_to_null() < 0) return fail(why, "stdio", errno, "/dev/null");
  if (close_range(SYNC_FD + 1, ~0U, 0) < 0) return fail(why, "stdio", errno, "close_range");
  return 0;
}

int birth_exec_init(const struct plan *plan, const char *verb, const char *directory, struct failure *why) {
  struct strv argv = launch_to_argv(&plan->launch, verb, SYNC_FD, directory);
  char *no_environment[] = {NULL};
  char **environment = plan->launch.env.items == NULL ? no_environment : plan->launch.env.items;
  if (identity_limit_for_init(plan->launch.caps, why) < 0) return -1;
  if (fcntl(SYNC_FD, F_SETFD, 0) < 0) return fail(why, "init", errno, "keeping the status descriptor");
  execve(INIT, argv.items, environment);
  return fail(why, "init", errno, "%s", INIT);
}

/* After setresuid, which clears it; the answer to READY then proves that the monitor lived when it was set. */
static int die_with_monitor(struct failure *why) {
  return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ? fail(why, "identity", errno, "PR_SET_PDEATHSIG") : 0;
}

static int set_hostname(const struct plan *plan, struct failure *why) {
  if (plan->hostname == NULL) return 0;
  return sethostname(plan->hostname, strlen(plan->hostname)) < 0 ? fail(why, "hostname", errno, "%s", plan->hostname)
                                                                 : 0;
}

static int be_born(struct plan *plan, struct failure *why) {
  if (setsid() < 0) return fail(why, "identity", errno, "setsid");
  if (sync_expect(SYNC_FD, SYNC_MAP_DONE, NULL, why) < 0) return -1;
  /* The pod's root may be nobody on the host. */
  cleanup_fd int root = mounts_open(plan, why);
  if (root < 0 || identity_become_root(why) < 0 || die_with_monitor(why) < 0) return -1;
  if (sync_send(SYNC_FD, SYNC_READY) < 0) return fail(why, "sync", errno, "READY");
  if (sync_expect(SYNC_FD, SYNC_RUN, NULL, why) < 0) return -1;
  if (set_hostname(plan, why) < 0 || mounts_apply(plan, root, why) < 0) return -1;
  return birth_exec_init(plan, "init", "/.pod", why);
}

void birth_of_init(struct plan *plan, int sync) {
  struct failure why;
  if (birth_sever(sync, &why) < 0)
    sync_send_failure(sync, &why);
  else if (be_born(plan, &why) < 0)
    sync_send_failure(SYNC_FD, &why);
  _exit(1);
}
