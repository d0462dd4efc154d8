/* Membership in the cgroups a plan names: finished paths, v1 or v2 alike. */
#pragma once

#include <sys/types.h>

#include "failure.h"

/* Moves the process (0: the caller) into each of them. 0, or -1 with *why. */
int cgroups_join(const struct strv *directories, pid_t pid, struct failure *why);
