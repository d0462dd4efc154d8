/* The pod's view of the file system: the plan's mounts beneath its root, and the switch to that root. */
#pragma once

#include "plan.h"

/* In a mount namespace of its own: carries out every record in order, then makes the root "/". 0, or -1 with *why. */
int mounts_apply(const struct plan *plan, struct failure *why);
