/* The pod's view of the file system: the plan's mounts beneath its root, and the switch to that root. */
#pragma once

#include "plan.h"

/* In a mount namespace of its own, as the user that can reach the host's paths: takes hold of the root and of what is
 * to be bound. The descriptor of the root, or -1 with *why. */
int mounts_open(struct plan *plan, struct failure *why);

/* As the pod's root: carries out every record in order, then makes the root "/". 0, or -1 with *why. */
int mounts_apply(const struct plan *plan, int root, struct failure *why);
