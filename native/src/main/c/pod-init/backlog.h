/* Connections that the kernel has finished and a listener has not accepted: CRIU cannot carry them. See sock_diag(7).
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "failure.h"

/* A listener that has some. */
struct backlog {
  uint16_t port;
  uint32_t connections;
};

enum { BACKLOGS_TOLD = 8 };

/* A socket that sees the network namespace of a process, which the caller enters for good. -1 with *why. */
int backlog_open(pid_t pid, struct failure *why);

/* How many TCP listeners have connections waiting, and the first BACKLOGS_TOLD of them; -1 with *why. */
int backlog_read(int diag, struct backlog found[static BACKLOGS_TOLD], struct failure *why);
