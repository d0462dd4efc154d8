/* The inside half of starting something in a pod: up to and including the exec of /.pod/init. */
#pragma once

#include "plan.h"

/* Runs in the new namespaces as the future pid 1; sync is its end of the pair. Never returns. */
_Noreturn void birth_of_init(struct plan *plan, int sync);

/* Well born, as CRIU wants it: a session inside the pid namespace, no descriptor but SYNC_FD and /dev/null at 0 to 2,
 * no signal blocked or ignored, umask 022. */
int birth_sever(int sync, struct failure *why);

/* Execs /.pod/init VERB of the pod this process is already in; returns only in failure. */
int birth_exec_init(const struct plan *plan, const char *verb, const char *directory, struct failure *why);
