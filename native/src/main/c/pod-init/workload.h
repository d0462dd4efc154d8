/* The workload's own birth, inside the pod. */
#pragma once

#include "session.h"

/* Starts args with the session's stdio and the launch's identity, in a session of its own. Returns its pid once its
 * exec has succeeded, or -1 with *why and the child reaped; `after_fork` runs in between, in the caller. */
pid_t workload_start(const struct launch *launch, char **args, const struct session *session,
                     int (*after_fork)(const struct launch *launch, struct failure *why), struct failure *why);
