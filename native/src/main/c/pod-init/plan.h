/* The finished plan that arrives on stdin: text to data, everything checked before anything is done. */
#pragma once

#include <sys/types.h>

#include "launch.h"
#include "lines.h"

enum plan_verb { PLAN_RUN = 1, PLAN_EXEC = 2 };

enum { PLAN_MAX_LINE = 512 * 1024, PLAN_MAX_RECORDS = 8192 };

struct id_range {
  uint32_t inside, outside, count;
};

struct id_map {
  struct id_range *ranges;
  size_t count;
};

struct mount_op {
  char *source;
  char *target; /* seen from the pod's root */
  char *fstype; /* NULL for a bind */
  char *data;
  uint64_t attributes; /* MOUNT_ATTR_* */
  bool recursive;
  bool optional; /* nothing to do where the target does not exist */
  int from;      /* a bind's source on the host, opened, or -errno; 0 if there is none */
};

struct plan {
  /* run */
  char *name, *root, *hostname, *exit_file;
  struct id_map uids, gids; /* both empty: the pod stays in the initial user namespace */
  struct mount_op *mounts;
  size_t mount_count;
  struct strv on_exit; /* executed by the monitor when the pod has ended; may be empty */
  /* exec */
  pid_t pid; /* the pod's pid 1, as seen from here */
  bool own_userns;
  char *id;
  /* both */
  struct strv cgroups;
  struct launch launch;
};

/* Reads up to and including `end`. 0, or -1 with *why; plan_free is due in both cases. */
int plan_read(struct lines *lines, enum plan_verb verb, struct plan *plan, struct failure *why);
void plan_free(struct plan *plan);

/* Decodes %XX in place; a lone % is the empty argument. False for anything a writer of plans would have encoded
 * otherwise. */
bool plan_decode(char *argument);
