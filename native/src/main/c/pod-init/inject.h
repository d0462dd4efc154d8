/* One system call made by another process, as if it had made it itself: the only way to get a userfaultfd of its address
 * space, since userfaultfd(2) always binds to the caller's. See ptrace(2). */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "failure.h"

/* Stops one thread of `pid` for some 100 microseconds, has it make system calls, and lets it go on where it was. */
struct victim {
  pid_t pid;
  uintptr_t syscall_instruction; /* in its vDSO */
};

/* Stops the thread where it may be used. 0, or -1 with *why: then it runs on as before. */
int victim_stop(struct victim *victim, pid_t pid, struct failure *why);

/* The system call's own result: negative errno on failure. 0 with *result, or -1 with *why if it could not be made. */
int victim_call(const struct victim *victim, long number, const uint64_t arguments[3], long *result,
                struct failure *why);

/* Lets it go on. A call that was interrupted is restarted by the kernel. */
void victim_release(const struct victim *victim);
