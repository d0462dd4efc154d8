/* The machine channel: one JSON object a line on stdout. Readers ignore members they do not know. */
#pragma once

#include <sys/types.h>

#include "failure.h"

/* `"text"` with everything JSON wants escaped; bytes that are no ASCII become U+FFFD, for they may come from a pod.
 * Owned by the caller. */
char *json_string(const char *text);

void report_created(pid_t pid, pid_t monitor);
void report_criu(pid_t pid, pid_t monitor);
void report_ready(pid_t pid);
/* pid 0: the event has none. */
void report_started(pid_t pid);
void report_failed(const struct failure *why);
