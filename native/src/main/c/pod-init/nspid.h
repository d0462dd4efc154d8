/* Telling a pod's pid 1 from other processes, by what /proc says of its pids in nested namespaces. */
#pragma once

#include <sys/types.h>

#include "util.h"

/* Whether `NSpid:` of this /proc/PID/status text says: pid 1 of a namespace one or more levels below the reader's. */
bool nspid_text_is_init(const char *status);

/* The same of a process, which may be a zombie. False if it cannot be read. */
bool nspid_is_init(pid_t pid);
