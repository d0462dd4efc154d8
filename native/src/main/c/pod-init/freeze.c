/* `pod-init freeze`: stops a pod at a moment when no connection waits to be accepted, which CRIU could not carry. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backlog.h"
#include "util.h"
#include "verbs.h"

enum { LONGEST_WAIT_MS = 60 * 1000, FREEZE_MS = 10 * 1000, POLL_MICROS = 200, EVENTS = 256 };

static uint64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* 0, or -1 with errno. */
static int write_freeze(const char *group, const char *value) {
  cleanup_free char *path = xasprintf("%s/cgroup.freeze", group);
  cleanup_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
  return fd < 0 ? -1 : write_all(fd, value, strlen(value));
}

static _Noreturn void give_up(const char *group, const char *what) {
  int cause = errno;
  write_freeze(group, "0");
  errno = cause;
  die_errno("%s %s", what, group);
}

/* Whether every process of the group stands still; see "cgroup.events" in Documentation/admin-guide/cgroup-v2.rst. */
static bool is_frozen(int events) {
  char text[EVENTS] = "";
  return pread(events, text, sizeof text - 1, 0) > 0 && strstr(text, "frozen 1") != NULL;
}

static void freeze(const char *group) {
  cleanup_free char *path = xasprintf("%s/cgroup.events", group);
  cleanup_fd int events = open(path, O_RDONLY | O_CLOEXEC);
  if (events < 0 || write_freeze(group, "1") < 0) give_up(group, "freezing");
  for (uint64_t end = now_ms() + FREEZE_MS; !is_frozen(events); usleep(POLL_MICROS)) {
    errno = ETIMEDOUT;
    if (now_ms() >= end) give_up(group, "freezing");
  }
}

/* How many listeners have connections waiting. */
static int count(int diag, const char *group, struct backlog found[static BACKLOGS_TOLD]) {
  struct failure why = {0};
  int waiting = backlog_read(diag, found, &why);
  if (waiting >= 0) return waiting;
  if (group != NULL) write_freeze(group, "0");
  errno = why.error;
  die_errno("%s", why.message);
}

/* 0: it stands still, if there is a group, and none waits. Otherwise it runs, and the last look found so many. */
static int settle(int diag, const char *group, uint64_t wait, struct backlog found[static BACKLOGS_TOLD]) {
  uint64_t end = now_ms() + wait;
  while (true) {
    int waiting = count(diag, group, found);
    if (waiting == 0 && group == NULL) return 0;
    if (waiting == 0) {
      freeze(group);
      /* A connection within the pod may have come between. */
      if ((waiting = count(diag, group, found)) == 0) return 0;
      if (write_freeze(group, "0") < 0) die_errno("thawing %s", group);
    }
    if (now_ms() >= end) return waiting;
    usleep(POLL_MICROS);
  }
}

int verb_freeze(int argc, char **argv) {
  static const struct option options[] = {{"pid", required_argument, NULL, 'p'},
                                          {"cgroup", required_argument, NULL, 'c'},
                                          {"wait", required_argument, NULL, 'w'},
                                          {0}};
  const char *group = NULL;
  uint64_t pid = 0, wait = 0;
  int key;
  while ((key = getopt_long(argc, argv, "+", options, NULL)) != -1) {
    if (key == 'c')
      group = optarg;
    else if (key == '?' ||
             !parse_number(optarg, 10, key == 'p' ? INT32_MAX : LONGEST_WAIT_MS, key == 'p' ? &pid : &wait))
      return 2;
  }
  if (pid == 0 || optind != argc) die("freeze: --pid is wanted, and nothing more than --cgroup and --wait");
  struct failure why = {0};
  struct backlog found[BACKLOGS_TOLD];
  cleanup_fd int diag = backlog_open((pid_t)pid, &why);
  if (diag < 0) {
    errno = why.error;
    die_errno("%s", why.message);
  }
  int waiting = settle(diag, group, wait, found);
  for (int i = 0; i < waiting && i < BACKLOGS_TOLD; i++)
    printf("%u %u\n", found[i].port, found[i].connections);
  return 0;
}
