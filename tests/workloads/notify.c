/* Descriptors that tell: inotify, fanotify, eventfd, signalfd, epoll. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

static int notifier, watch;
static char directory[256];

static const char *inside(const char *name) {
  static char path[600];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return path;
}

static void setup_inotify(int argc, char **argv) {
  strcpy(directory, scratch("watched"));
  must(mkdir(directory, 0755));
  notifier = (int)must(inotify_init1(IN_NONBLOCK));
  watch = (int)must(inotify_add_watch(notifier, directory, IN_CREATE | IN_DELETE));
}

static void expect_event(uint32_t mask) {
  union {
    struct inotify_event event;
    char bytes[sizeof(struct inotify_event) + NAME_MAX + 1];
  } buffer;
  must(read(notifier, &buffer, sizeof buffer));
  expect_eq(buffer.event.wd, watch);
  expect_eq(buffer.event.mask, mask);
  expect(strcmp(buffer.event.name, "file") == 0);
}

/* CRIU drops events that wait to be read. A freeze between the doing and the reading is rare; two in a row are a watch
 * that is gone. */
static void check_inotify(void) {
  static bool dropped;
  char rest[4096];
  expect(read(notifier, rest, sizeof rest) < 0 && errno == EAGAIN);
  write_file(inside("file"), "new");
  struct pollfd waiting = {.fd = notifier, .events = POLLIN};
  if (!dropped && poll(&waiting, 1, 0) == 0) {
    dropped = true;
    must(unlink(inside("file")));
    while (read(notifier, rest, sizeof rest) > 0)
      ;
    return;
  }
  dropped = false;
  expect_event(IN_CREATE);
  must(unlink(inside("file")));
  expect_event(IN_DELETE);
}

static void setup_fanotify(int argc, char **argv) {
  strcpy(directory, scratch("watched"));
  must(mkdir(directory, 0755));
  notifier = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID | FAN_NONBLOCK, O_RDONLY);
  if (notifier < 0)
    skip("no fanotify here: %s", strerror(errno));
  must(fanotify_mark(notifier, FAN_MARK_ADD, FAN_CLOSE_WRITE | FAN_EVENT_ON_CHILD, AT_FDCWD,
                     directory));
}

/* As with inotify: what waits to be read when the pod is frozen is dropped by CRIU. */
static void check_fanotify(void) {
  static bool dropped;
  union {
    struct fanotify_event_metadata event;
    char bytes[512];
  } buffer;
  write_file(inside("file"), "new");
  struct pollfd waiting = {.fd = notifier, .events = POLLIN};
  if (!dropped && poll(&waiting, 1, 0) == 0) {
    dropped = true;
    return;
  }
  dropped = false;
  must(read(notifier, &buffer, sizeof buffer));
  expect(buffer.event.mask & FAN_CLOSE_WRITE);
}

static int counter;

static void setup_eventfd(int argc, char **argv) {
  counter = (int)must(eventfd(1000, EFD_NONBLOCK));
}

static void check_eventfd(void) {
  uint64_t value;
  read_all(counter, &value, sizeof value);
  expect_eq(value, 1000);
  write_all(counter, &value, sizeof value);
}

static void setup_semaphore(int argc, char **argv) {
  counter = (int)must(eventfd(3, EFD_NONBLOCK | EFD_SEMAPHORE));
}

static void check_semaphore(void) {
  uint64_t value;
  read_all(counter, &value, sizeof value);
  expect_eq(value, 1);
  write_all(counter, &value, sizeof value);
}

static int signals;

static void setup_signalfd(int argc, char **argv) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  must(sigprocmask(SIG_BLOCK, &set, NULL));
  signals = (int)must(signalfd(-1, &set, SFD_NONBLOCK));
  must(kill(getpid(), SIGUSR2));
}

/* One signal always waits, unread. */
static void check_signalfd(void) {
  struct signalfd_siginfo info;
  read_all(signals, &info, sizeof info);
  expect_eq(info.ssi_signo, SIGUSR2);
  expect_eq(info.ssi_pid, getpid());
  expect(read(signals, &info, sizeof info) < 0 && errno == EAGAIN);
  must(kill(getpid(), SIGUSR2));
}

static int poller, level[2], edge[2], once[2], closed_twin;
enum { LEVEL = 1, EDGE = 2, ONCE = 4 };

static void add(int fd, uint32_t events, uint64_t tag) {
  struct epoll_event event = {.events = events, .data.u64 = tag};
  must(epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event));
}

static uint64_t tags_now(void) {
  struct epoll_event events[8];
  uint64_t all = 0;
  int n = (int)must(epoll_wait(poller, events, 8, 0));
  for (int i = 0; i < n; i++)
    all |= events[i].data.u64;
  return all;
}

static void setup_epoll(int argc, char **argv) {
  poller = (int)must(epoll_create1(0));
  must(pipe(level));
  must(pipe(edge));
  must(pipe(once));
  add(level[0], EPOLLIN, LEVEL);
  add(edge[0], EPOLLIN | EPOLLET, EDGE);
  add(once[0], EPOLLIN | EPOLLONESHOT, ONCE);
  expect_eq(tags_now(), 0);
}

/* Each kind reports in its own way; the one-shot is armed again afterwards. An edge that was seen
 * before the move may be reported once more after it: a program has to bear that anyway. */
static void check_epoll(void) {
  char byte = 'e';
  write_all(level[1], &byte, 1);
  write_all(edge[1], &byte, 1);
  write_all(once[1], &byte, 1);
  expect_eq(tags_now(), LEVEL | EDGE | ONCE);
  expect_eq(tags_now() & (LEVEL | ONCE), LEVEL);
  read_all(level[0], &byte, 1);
  read_all(edge[0], &byte, 1);
  read_all(once[0], &byte, 1);
  struct epoll_event again = {.events = EPOLLIN | EPOLLONESHOT, .data.u64 = ONCE};
  must(epoll_ctl(poller, EPOLL_CTL_MOD, once[0], &again));
  expect_eq(tags_now(), 0);
}

/* A watched descriptor that was closed while a twin keeps its file alive. */
static void setup_epoll_closed(int argc, char **argv) {
  poller = (int)must(epoll_create1(0));
  must(pipe(level));
  add(level[0], EPOLLIN, LEVEL);
  closed_twin = (int)must(dup(level[0]));
  must(close(level[0]));
  write_all(level[1], "x", 1);
}

static void check_epoll_closed(void) {
  expect_eq(tags_now(), LEVEL);
}

/* An epoll that watches an epoll. */
static int inner;

static void setup_epoll_nested(int argc, char **argv) {
  must(pipe(level));
  poller = inner = (int)must(epoll_create1(0));
  add(level[0], EPOLLIN, LEVEL);
  poller = (int)must(epoll_create1(0));
  add(inner, EPOLLIN, EDGE);
}

static void check_epoll_nested(void) {
  char byte = 'n';
  expect_eq(tags_now(), 0);
  write_all(level[1], &byte, 1);
  expect_eq(tags_now(), EDGE);
  read_all(level[0], &byte, 1);
}

const struct workload notify_workloads[] = {
    {"inotify", "a watched directory", setup_inotify, check_inotify, NULL},
    {"fanotify", "a directory marked for fanotify", setup_fanotify, check_fanotify, NULL},
    {"eventfd", "a counter", setup_eventfd, check_eventfd, NULL},
    {"eventfd-sem", "an eventfd that is a semaphore", setup_semaphore, check_semaphore, NULL,
     .fate = LOST},
    {"signalfd", "a signal that waits in a signalfd", setup_signalfd, check_signalfd, NULL},
    {"epoll", "level, edge and one-shot", setup_epoll, check_epoll, NULL},
    {"epoll-closed", "an epoll entry whose number was closed", setup_epoll_closed,
     check_epoll_closed, NULL},
    {"epoll-nested", "an epoll inside an epoll", setup_epoll_nested, check_epoll_nested, NULL},
    {0},
};
