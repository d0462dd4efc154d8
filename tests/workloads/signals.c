/* Signals: waiting, blocked, handled, ignored. */
#include "workload.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { QUEUED = 3 };

static void setup_pending(int argc, char **argv) {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  sigaddset(&blocked, SIGRTMIN + 5);
  sigaddset(&blocked, SIGRTMIN + 6);
  must(sigprocmask(SIG_BLOCK, &blocked, NULL));
  must(kill(getpid(), SIGUSR2));
  for (int i = 0; i < QUEUED; i++)
    must(sigqueue(getpid(), SIGRTMIN + 5, (union sigval){.sival_int = 100 + i}));
  must(syscall(SYS_tgkill, getpid(), gettid(),
               SIGRTMIN + 6)); /* to the thread, not to the process */
}

static void check_pending(void) {
  sigset_t waiting;
  must(sigpending(&waiting));
  expect(sigismember(&waiting, SIGUSR2) && sigismember(&waiting, SIGRTMIN + 5) &&
         sigismember(&waiting, SIGRTMIN + 6));
}

/* Takes the next `number` that waits. */
static siginfo_t take(int number) {
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  siginfo_t info;
  expect_eq(sigtimedwait(&only, &info, &(struct timespec){.tv_sec = 1}), number);
  return info;
}

static void finish_pending(void) {
  expect_eq(take(SIGUSR2).si_pid, getpid());
  for (int i = 0; i < QUEUED; i++)
    expect_eq(take(SIGRTMIN + 5).si_value.sival_int, 100 + i);
  expect_eq(take(SIGRTMIN + 6).si_pid, getpid());
}

static char stack[64 * 1024];
static volatile uintptr_t handler_frame;

static void on_alternate(int number) {
  handler_frame = (uintptr_t)__builtin_frame_address(0);
}

static void setup_altstack(int argc, char **argv) {
  const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  must(sigaltstack(&alternate, NULL));
  const struct sigaction action = {.sa_handler = on_alternate, .sa_flags = SA_ONSTACK};
  must(sigaction(SIGUSR2, &action, NULL));
}

static void check_altstack(void) {
  stack_t found;
  must(sigaltstack(NULL, &found));
  expect(found.ss_sp == stack && found.ss_size == sizeof stack);
  must(raise(SIGUSR2));
  expect(handler_frame - (uintptr_t)stack < sizeof stack);
}

static volatile sig_atomic_t handled;

static void on_signal(int number, siginfo_t *info, void *context) {
  handled = info->si_signo == number ? number : -1;
}

static void setup_actions(int argc, char **argv) {
  struct sigaction action = {.sa_sigaction = on_signal,
                             .sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER};
  sigaddset(&action.sa_mask, SIGINT);
  must(sigaction(SIGWINCH, &action, NULL));
  must(signal(SIGHUP, SIG_IGN) == SIG_ERR ? -1 : 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGQUIT);
  must(sigprocmask(SIG_BLOCK, &set, NULL));
}

static void check_actions(void) {
  struct sigaction found;
  must(sigaction(SIGWINCH, NULL, &found));
  expect(found.sa_sigaction == on_signal && sigismember(&found.sa_mask, SIGINT));
  expect((found.sa_flags & (SA_SIGINFO | SA_RESTART | SA_NODEFER)) ==
         (SA_SIGINFO | SA_RESTART | SA_NODEFER));
  must(sigaction(SIGHUP, NULL, &found));
  expect(found.sa_handler == SIG_IGN);
  sigset_t mask;
  must(sigprocmask(SIG_BLOCK, NULL, &mask));
  expect(sigismember(&mask, SIGQUIT) && sigismember(&mask, SIGUSR1) &&
         !sigismember(&mask, SIGTERM));
  handled = 0;
  must(raise(SIGWINCH));
  expect_eq(handled, SIGWINCH);
}

static volatile sig_atomic_t received;
static sig_atomic_t received_before;
static pid_t sender;

static void count(int number) {
  received++;
}

static void keep_sending(void *argument) {
  for (;;) {
    must(kill(getppid(), SIGUSR2));
    sleep_ms(1);
  }
}

static void setup_storm(int argc, char **argv) {
  const struct sigaction action = {.sa_handler = count, .sa_flags = SA_RESTART};
  must(sigaction(SIGUSR2, &action, NULL));
  sender = spawn(keep_sending, NULL);
}

static void check_storm(void) {
  expect_alive(sender);
  for (long end = now_ms() + 5000; received == received_before;)
    expect(now_ms() < end);
  received_before = received;
}

const struct workload signal_workloads[] = {
    {"signal-pending", "standard, queued and thread signals that wait", setup_pending,
     check_pending, finish_pending},
    {"sigaltstack", "handlers on an alternate stack", setup_altstack, check_altstack, NULL},
    {"sigaction", "handlers, masks and ignored signals", setup_actions, check_actions, NULL},
    {"signal-storm", "a thousand signals a second", setup_storm, check_storm, NULL},
    {0},
};
