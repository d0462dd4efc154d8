/* `pod-init fill`: gives a restored pod its memory, page by page. Whoever closes the last descriptor of a userfaultfd
 * turns all that is missing into zeros; so two processes share one table of descriptors, and each replaces the other.
 */
#include "fill.h"

#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>

#include "monitor.h"
#include "report.h"
#include "verbs.h"

bool fill_is_userfault(int fd) {
  char path[64], target[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(path, target, sizeof target - 1);
  target[length < 0 ? 0 : length] = '\0';
  return strcmp(target, "anon_inode:[userfaultfd]") == 0;
}

/* A child with this process's table of descriptors itself, not a copy. Each gets a pidfd to watch the other by. Returns
 * as fork() does. */
static pid_t split(int32_t *watch_child, int32_t *watch_self) {
  util_close(watch_child);
  util_close(watch_self);
  *watch_self = pidfd_open(getpid(), 0);
  if (*watch_self < 0) return -1;
  return (pid_t)syscall(SYS_clone, (unsigned long)(CLONE_FILES | CLONE_PIDFD | SIGCHLD), NULL, watch_child, NULL, NULL);
}

static void nap(long milliseconds) {
  struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static void start_worker(struct fill_state *state, bool first) {
  pid_t pid;
  while ((pid = split(&state->watch_worker, &state->watch_holder)) < 0) {
    if (first) die_errno("clone");
    nap(10);
  }
  if (pid == 0) fill_work(state, first);
  state->worker = pid;
}

static _Noreturn void hold(struct fill_state *state) {
  prctl(PR_SET_NAME, "pod-fill-hold");
  state->holder = getpid();
  for (unsigned deaths = 0;; deaths++) {
    struct pollfd worker = {.fd = state->watch_worker, .events = POLLIN};
    int ready;
    /* Who has lived for a second was not killed by its work. */
    while ((ready = poll(&worker, 1, deaths == 0 ? -1 : 1000)) < 1)
      if (ready == 0) deaths = 0;
    if (state->over) _exit(0);
    /* Should it die of it again and again, the pod waits, but the machine does not. */
    if (deaths > 1000) nap(100);
    start_worker(state, false);
  }
}

void fill_replace_holder(struct filler *filler) {
  struct fill_state *state = filler->state;
  pid_t pid = split(&state->watch_holder, &state->watch_worker);
  if (pid == 0) {
    fill_shed(filler);
    hold(state);
  }
  if (pid < 0)
    fprintf(stderr, "pod-init: fill: no new holder: %s\n", strerror(errno));
  else
    state->holder = pid;
}

/* Relative to the directory: an address has room for 107 bytes only. */
static int listen_in(const char *directory, const char *name, int type) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
  cleanup_fd int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) die_errno("socket");
  if (chdir(directory) < 0) die_errno("%s", directory);
  if (unlink(name) < 0 && errno != ENOENT) die_errno("%s/%s", directory, name);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 8) < 0)
    die_errno("%s/%s", directory, name);
  return steal_fd(&fd);
}

static int open_log(const char *log) {
  if (log == NULL) return -1;
  int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) die_errno("%s", log);
  return fd;
}

/* Held for as long as a page is missing, whichever of the two processes lives: nobody may dump the pod till then. */
static int take_lock(const char *file) {
  if (file == NULL) return -1;
  int fd = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0) die_errno("%s", file);
  return fd;
}

/* Nothing but SIGKILL ends it before its work is done; the kernel, short of memory, had better take another. */
static void be_stubborn(void) {
  static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD};
  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
    signal(ignored[i], SIG_IGN);
  cleanup_fd int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd >= 0) (void)!write(fd, "-1000", 5);
}

static _Noreturn void run(const char *directory, const char *sockets, const char *lock, const char *log_file) {
  if (close_range(3, ~0U, 0) < 0) die_errno("close_range");
  struct fill_state *state = fill_state_make();
  if (state == NULL) die_errno("memory");
  umask(077);
  state->lock = take_lock(lock);
  int log = open_log(log_file);
  state->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (state->directory < 0) die_errno("%s", directory);
  state->agent_listener = listen_in(directory, FILL_AGENT_SOCKET, SOCK_SEQPACKET);
  state->criu_listener = listen_in(sockets, FILL_CRIU_SOCKET, SOCK_STREAM);
  monitor_split();
  be_stubborn();
  state->holder = getpid();
  start_worker(state, true);
  report_ready(getpid());
  monitor_detach();
  if (log >= 0) {
    dup2(log, STDERR_FILENO);
    close(log);
  }
  hold(state);
}

int verb_fill(int argc, char **argv) {
  static const struct option options[] = {{"dir", required_argument, NULL, 'd'},
                                          {"socket-dir", required_argument, NULL, 's'},
                                          {"lock", required_argument, NULL, 'k'},
                                          {"log", required_argument, NULL, 'l'},
                                          {0}};
  const char *directory = NULL, *sockets = NULL, *log = NULL, *lock = NULL;
  int key;
  while ((key = getopt_long(argc, argv, "+", options, NULL)) != -1) {
    if (key == 'd')
      directory = optarg;
    else if (key == 's')
      sockets = optarg;
    else if (key == 'k')
      lock = optarg;
    else if (key == 'l')
      log = optarg;
    else
      return 2;
  }
  if (directory == NULL || sockets == NULL || directory[0] != '/' || sockets[0] != '/' || optind != argc)
    die("fill: --dir DIR and --socket-dir DIR are wanted, absolute");
  run(directory, sockets, lock, log);
}
