/* A helper that must outlive its caller: a front that the caller waits for, and a monitor that stays. */
#pragma once

#include "util.h"

/* Forks. Returns in the monitor, in a session of its own; the front stays until monitor_detach (then it exits 0) or
 * until the monitor has ended before (then it exits as the monitor did). */
void monitor_split(void);

/* Writes how pid 1 ended, then turns into `command`, a NULL-terminated vector, if there is one. Not if a process that
 * held a record lock on the file `attended` beside the exit file removed that file: then it has done what the command
 * would do. The exit status. */
int monitor_conclude(const char *exit_file, int wait_status, char **command);

/* Lets the caller go on: stdio becomes /dev/null, the front exits 0. */
void monitor_detach(void);
