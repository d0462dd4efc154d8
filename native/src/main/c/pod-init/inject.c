#include "inject.h"

#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#include "util.h"

#ifndef PTRACE_GET_RSEQ_CONFIGURATION
#define PTRACE_GET_RSEQ_CONFIGURATION 0x420f /* since Linux 5.13 */
#endif

enum {
  PATIENCE_MS = 500, /* a thread that does not stop by then sleeps where no signal reaches it */
  SUSPEND_SECCOMP = 1 << 21,
  CODE_64_BIT = 0x33, /* the code segment of 64 bit programs */
  MAX_VDSO = 64 << 10,
};

#ifdef __x86_64__

static const unsigned char SYSCALL[] = {0x0f, 0x05};

/* A vDSO is the same code in every process of one kernel, at an address of its own in each. */
static int find_instruction(struct victim *victim, struct failure *why) {
  char path[64], line[512];
  snprintf(path, sizeof path, "/proc/%d/maps", victim->pid);
  FILE *maps = fopen(path, "re");
  if (maps == NULL) return fail(why, "inject", errno, "%s", path);
  uintptr_t start = 0, end = 0;
  while (start == 0 && fgets(line, sizeof line, maps) != NULL)
    if (strstr(line, "[vdso]") != NULL && sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &start, &end) != 2) start = 0;
  fclose(maps);
  if (start == 0 || end - start > MAX_VDSO) return fail(why, "inject", ENOEXEC, "pid %d has no vDSO", victim->pid);
  static unsigned char code[MAX_VDSO];
  struct iovec local = {code, end - start}, remote = {(void *)start, end - start};
  if (process_vm_readv(victim->pid, &local, 1, &remote, 1, 0) != (ssize_t)(end - start))
    return fail(why, "inject", errno, "reading the vDSO of pid %d", victim->pid);
  const unsigned char *found = memmem(code, end - start, SYSCALL, sizeof SYSCALL);
  if (found == NULL) return fail(why, "inject", ENOEXEC, "no system call in the vDSO of pid %d", victim->pid);
  victim->syscall_instruction = start + (uintptr_t)(found - code);
  return 0;
}

/* Waits for the next stop. -1 with errno ETIMEDOUT if there is none, ESRCH if the thread has ended. */
static int await_stop(pid_t pid) {
  int status;
  for (int waited = 0; waited < PATIENCE_MS * 20; waited++) {
    pid_t got = waitpid(pid, &status, __WALL | WNOHANG);
    if (got == pid) return WIFSTOPPED(status) ? status : (errno = ESRCH, -1);
    if (got < 0) return -1;
    nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
  }
  errno = ETIMEDOUT;
  return -1;
}

/* The stop that PTRACE_INTERRUPT asks for, after the signals that came before it were handed on. */
static int interrupt(pid_t pid) {
  if (ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0) return -1;
  while (true) {
    int status = await_stop(pid);
    if (status < 0) return -1;
    if (status >> 16 == PTRACE_EVENT_STOP) return 0;
    if (ptrace(PTRACE_CONT, pid, 0, (void *)(intptr_t)WSTOPSIG(status)) < 0) return -1;
  }
}

/* Whether the thread is in a restartable sequence, which its next return to user space must end properly. */
static bool in_restartable_sequence(pid_t pid, uintptr_t ip) {
  struct {
    uint64_t address;
    uint32_t size, signature, flags, pad;
  } rseq;
  struct {
    uint32_t version, flags;
    uint64_t start, length, abort;
  } section;
  uint64_t pointer;
  if (ptrace((enum __ptrace_request)PTRACE_GET_RSEQ_CONFIGURATION, pid, (void *)sizeof rseq, &rseq) < 0 ||
      rseq.address == 0)
    return false;
  struct iovec local = {&pointer, sizeof pointer}, remote = {(void *)(uintptr_t)(rseq.address + 8), sizeof pointer};
  if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != (ssize_t)sizeof pointer || pointer == 0) return false;
  local = (struct iovec){&section, sizeof section};
  remote = (struct iovec){(void *)(uintptr_t)pointer, sizeof section};
  if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != (ssize_t)sizeof section) return false;
  return ip - section.start < section.length;
}

/* One step of its own has the kernel move it to the sequence's abort handler. */
static int leave_restartable_sequence(pid_t pid) {
  struct user_regs_struct registers;
  for (int tries = 0; tries < 100; tries++) {
    if (ptrace(PTRACE_GETREGS, pid, 0, &registers) < 0) return -1;
    if (!in_restartable_sequence(pid, registers.rip)) return 0;
    if (ptrace(PTRACE_SINGLESTEP, pid, 0, 0) < 0 || await_stop(pid) < 0) return -1;
  }
  errno = EAGAIN;
  return -1;
}

int victim_stop(struct victim *victim, pid_t pid, struct failure *why) {
  *victim = (struct victim){.pid = pid};
  if (find_instruction(victim, why) < 0) return -1;
  if (ptrace(PTRACE_SEIZE, pid, 0, SUSPEND_SECCOMP) < 0 && ptrace(PTRACE_SEIZE, pid, 0, 0) < 0)
    return fail(why, "inject", errno, "seizing pid %d", pid);
  struct user_regs_struct registers;
  /* A thread that never stopped cannot be released either: it is when this process ends. */
  if (interrupt(pid) < 0) return fail(why, "inject", errno, "stopping pid %d", pid);
  if (leave_restartable_sequence(pid) < 0 || ptrace(PTRACE_GETREGS, pid, 0, &registers) < 0)
    fail(why, "inject", errno, "looking at pid %d", pid);
  else if (registers.cs != CODE_64_BIT)
    fail(why, "inject", ENOEXEC, "pid %d is no 64 bit program", pid);
  else
    return 0;
  victim_release(victim);
  return -1;
}

static int step(const struct victim *victim, const struct user_regs_struct *to, long *result) {
  struct user_regs_struct after;
  int status, stops = 0;
  if (ptrace(PTRACE_SETREGS, victim->pid, 0, to) < 0) return -1;
  do {
    if (ptrace(PTRACE_SINGLESTEP, victim->pid, 0, 0) < 0) return -1;
    status = await_stop(victim->pid);
    if (status < 0 || ptrace(PTRACE_GETREGS, victim->pid, 0, &after) < 0) return -1;
    /* Where SIGSTOP had stopped it already, that stop came first, and the one we asked for comes now. */
  } while (status >> 16 == PTRACE_EVENT_STOP && after.rip == to->rip && ++stops < 10);
  if (WSTOPSIG(status) != SIGTRAP || after.rip != to->rip + sizeof SYSCALL) return errno = EINTR, -1;
  *result = (long)after.rax;
  return 0;
}

int victim_call(const struct victim *victim, long number, const uint64_t arguments[3], long *result,
                struct failure *why) {
  struct user_regs_struct before;
  uint64_t mask, all = ~0ULL;
  if (ptrace(PTRACE_GETREGS, victim->pid, 0, &before) < 0 ||
      ptrace(PTRACE_GETSIGMASK, victim->pid, (void *)sizeof mask, &mask) < 0 ||
      ptrace(PTRACE_SETSIGMASK, victim->pid, (void *)sizeof all, &all) < 0)
    return fail(why, "inject", errno, "preparing pid %d", victim->pid);
  struct user_regs_struct call = before;
  call.rip = victim->syscall_instruction;
  call.rax = (unsigned long long)number;
  call.orig_rax = (unsigned long long)-1; /* or the kernel would restart what it interrupted, here */
  call.rdi = arguments[0];
  call.rsi = arguments[1];
  call.rdx = arguments[2];
  call.r10 = call.r8 = call.r9 = 0;
  int called = step(victim, &call, result);
  int error = errno;
  /* Whatever happened: with the number of the call it was in, the kernel restarts that. */
  if (ptrace(PTRACE_SETREGS, victim->pid, 0, &before) < 0 ||
      ptrace(PTRACE_SETSIGMASK, victim->pid, (void *)sizeof mask, &mask) < 0)
    return fail(why, "inject", errno, "putting pid %d back", victim->pid);
  return called == 0 ? 0 : fail(why, "inject", error, "a system call in pid %d", victim->pid);
}

void victim_release(const struct victim *victim) {
  ptrace(PTRACE_DETACH, victim->pid, 0, 0);
}

#else

int victim_stop(struct victim *victim, pid_t pid, struct failure *why) {
  *victim = (struct victim){.pid = pid};
  return fail(why, "inject", ENOSYS, "not on this processor");
}

int victim_call(const struct victim *victim, long number, const uint64_t arguments[3], long *result,
                struct failure *why) {
  (void)number, (void)arguments, (void)result;
  return fail(why, "inject", ENOSYS, "not on this processor: pid %d", victim->pid);
}

void victim_release(const struct victim *victim) {
  (void)victim;
}

#endif
