/* Why something did not work: carried as a value from where it happened, across processes, to the JSON line that tells
 * it. */
#pragma once

#include "util.h"

struct failure {
  char stage[24];    /* which part of the plan: "mount", "exec", ... */
  int error;         /* errno, or 0 where the kernel was not the one to refuse */
  char message[480]; /* subject first, without the errno's own text */
};

/* Fills *why and returns -1, so that a caller can write `return fail(why, "mount", errno, "%s", target)`. */
int fail(struct failure *why, const char *stage, int error, const char *format, ...) PRINTF_LIKE(4, 5);

/* What the user can do about it, or NULL. */
const char *failure_hint(const struct failure *why);
