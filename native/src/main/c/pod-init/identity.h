/* Who a process is: ids, capabilities, and what it must not inherit from the helper's caller. */
#pragma once

#include "launch.h"

/* Root of the current user namespace, without supplementary groups. */
int identity_become_root(struct failure *why);

/* Lowers the bounding set to caps and the few capabilities that /.pod/init needs to start a workload: a pod may have
 * replaced that file, and must gain no more by it. */
int identity_limit_for_init(uint64_t caps, struct failure *why);

/* What is left to pid 1 and supervisors once the workload runs: caps, and CAP_KILL to forward signals. */
int identity_keep_for_init(uint64_t caps, struct failure *why);

/* Takes the workload's ids, capabilities and no_new_privs. Caps the caller lacks are not gained. */
int identity_become_workload(const struct launch *launch, struct failure *why);
