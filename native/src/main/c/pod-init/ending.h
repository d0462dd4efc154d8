/* How a process ended, as others read it: {"code":N}, and for one killed by a signal {"code":128+s,"signal":s}. */
#pragma once

#include "util.h"

/* The exit code that a shell would show for a wait status: 128+n for signal n. */
int ending_code(int wait_status);

/* Owned by the caller, with a newline. */
char *ending_json(int wait_status);

/* Durable when it returns 0: temporary file, fsync, rename, fsync of the directory. -1 with errno. */
int ending_write(const char *path, int wait_status);
