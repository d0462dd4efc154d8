/* CRIU's cache of what the kernel can do, where /run is no tmpfs. CRIU keeps it in /run/criu.kdat, on a tmpfs only so
 * that it is gone after a reboot, and without it probes again at each start. */
#pragma once

#include "failure.h"

/* In a mount namespace of the caller's own from then on: directory, which must be on a tmpfs, appears as /run, with
 * everything that lay below /run bound into it. Leaves empty mount points behind in directory. Mounts made below /run
 * later are seen only if the host's /run propagates them. 0, or -1 with *why. */
int kdat_provide(const char *directory, struct failure *why);
