/* How a workload is to be started: the part of a plan that outlives the plan, carried to /.pod/init by its argv. */
#pragma once

#include <sys/ioctl.h>
#include <sys/types.h>

#include "failure.h"

struct launch {
  struct strv env; /* travels as the environment itself, not in argv */
  struct strv args;
  char *cwd;
  uid_t uid;
  gid_t gid;
  gid_t *groups;
  size_t group_count;
  uint64_t caps; /* bit N is capability N; the bounding set, and for uid 0 also permitted and effective */
  bool no_new_privs;
  bool tty;
  struct winsize window;
  bool stdin_fifo; /* else /dev/null */
};

void launch_add_group(struct launch *launch, gid_t group);
void launch_free(struct launch *launch);

/* The argv of /.pod/init: `init VERB --status-fd N --dir DIR ... -- ARGS`. Owned by the caller. */
struct strv launch_to_argv(const struct launch *launch, const char *verb, int status_fd, const char *dir);

/* What such an argv says. Strings stay argv's; args is a view on it; env is left empty. Dies on nonsense. */
struct session_args {
  struct launch launch;
  char **args;
  int status_fd;
  const char *dir; /* where the session's files live: /.pod or /.pod/exec/ID */
};
struct session_args session_args_parse(int argc, char **argv);
