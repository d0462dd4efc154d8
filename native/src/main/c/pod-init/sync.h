/* The conversation between the helper outside and the process it starts inside a pod, over one SOCK_SEQPACKET pair.
 *
 *   run:   outside (monitor)                          inside (will be pid 1)
 *            MAP_DONE  -- maps written, cgroups joined -->
 *                      <-- identity taken, PDEATHSIG set --  READY
 *            RUN       -- `go` was read --------------->     mounts, pivot, exec of /.pod/init
 *                      <-- the workload was exec'ed ----     STARTED      (no answer)
 *
 *   exec:  outside                                    inside (will be a supervisor)
 *                      <-- all namespaces entered; the kernel adds the sender's pid -- READY
 *            RUN       -- cgroups joined --------------->    exec of /.pod/init
 *                      <-- the command was exec'ed -----     STARTED      (no answer)
 *
 *   The inside may say FAILED in place of anything and then ends. End of file, either way, means the other side has
 * died: an inside that reads it ends too, so that nothing half made outlives the helper. */
#pragma once

#include <sys/types.h>

#include "failure.h"

enum sync_type { SYNC_MAP_DONE = 0x40, SYNC_READY, SYNC_RUN, SYNC_STARTED, SYNC_FAILED };

/* The fixed descriptor at which a process inside finds its end, also across the exec of /.pod/init. */
enum { SYNC_FD = 3 };

/* ends[0] stays outside and learns senders' pids; ends[1] goes inside. Both close on exec. 0, or -1 with *why. */
int sync_pair(int ends[2], struct failure *why);

/* 0, or -1 with errno. */
int sync_send(int fd, enum sync_type type);
int sync_send_failure(int fd, const struct failure *why);

/* Waits for exactly this message. 0; -1 with *why: what the other side said, or that it has died. What comes from
 * inside a pod is text to be shown, no more. *sender, unless NULL, is the pid of the sender in the reader's pid
 * namespace. */
int sync_expect(int fd, enum sync_type type, pid_t *sender, struct failure *why);
