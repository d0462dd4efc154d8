/* workload NAME [ARG...]: runs one workload until SIGUSR1.
 * workload --list: one a line, separated by tabs: name, fate in a move, capabilities needed, what
 * it is about. */
#include "workload.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct workload *const families[] = {
    pipe_workloads,      unix_workloads,     inet_workloads, pty_workloads,
    timer_workloads,     signal_workloads,   shm_workloads,  sysv_workloads,
    thread_workloads,    file_workloads,     lock_workloads, mount_workloads,
    namespace_workloads, process_workloads,  tree_workloads, notify_workloads,
    identity_workloads,  memory_workloads,   odd_workloads,  mapping_adversaries,
    process_adversaries, shared_adversaries,
};

enum { TICK_MS = 100 };

static const struct workload *find(const char *name) {
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    for (const struct workload *w = families[i]; w->name; w++)
      if (strcmp(w->name, name) == 0)
        return w;
  return NULL;
}

static void list(void) {
  static const char *const fates[] = {[MOVES] = "moves", [REFUSED] = "refused", [LOST] = "lost"};
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    for (const struct workload *w = families[i]; w->name; w++)
      if (w->about)
        printf("%s\t%s\t%s\t%s\n", w->name, fates[w->fate], w->needs ? w->needs : "", w->about);
}

/* What a workload can be told. Blocked from the start, so it is never lost, wherever the workload
 * is when it comes. */
static sigset_t orders(const struct workload *w) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  if (w->verify) /* the others may use it themselves */
    sigaddset(&set, SIGUSR2);
  return set;
}

/* The order that came within one tick, or 0. Other signals, which some workloads get by the
 * thousand, do not count. */
static int next_order(const sigset_t *set) {
  const long end = now_ms() + TICK_MS;
  for (long left; (left = end - now_ms()) > 0;) {
    const struct timespec timeout = {.tv_nsec = left * 1000000L};
    int order = sigtimedwait(set, NULL, &timeout);
    if (order > 0)
      return order;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--list") == 0) {
    list();
    return 0;
  }
  const struct workload *w = argc > 1 ? find(argv[1]) : NULL;
  if (!w) {
    fprintf(stderr, "usage: workload NAME [ARG...] | --list\n");
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  const sigset_t set = orders(w);
  must(sigprocmask(SIG_BLOCK, &set, NULL));
  program_name(w->name);

  w->setup(argc - 2, argv + 2);
  printf("ready %s\n", w->name);
  unsigned long verified = 0;
  for (unsigned long n = 1;; n++) {
    const int order = next_order(&set);
    if (order == SIGUSR1)
      break;
    if (order == SIGUSR2) {
      w->verify();
      printf("verified %s %lu\n", w->name, ++verified);
    }
    if (w->check)
      w->check();
    printf("ok %s %lu\n", w->name, n);
  }
  if (w->finish)
    w->finish();
  printf("done %s\n", w->name);
  return 0;
}
