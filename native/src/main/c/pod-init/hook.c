/* `pod-init hook DIR`: what an OCI runtime calls when it has made a container. Notes in DIR which process it is.
 *
 * A hook that fails or hangs takes its container with it. So this one always exits 0, is gone within DEADLINE_MS
 * whatever happens, and what it could not note is merely not known: `pod` holds every note against reality. */
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "ocistate.h"
#include "util.h"
#include "verbs.h"

enum { MAX_STATE = 64 << 10, MAX_NOTE = 16 << 10, DEADLINE_MS = 500 };

static void give_up(int signal_number) {
  (void)signal_number;
  _exit(0);
}

static void set_deadline(void) {
  struct sigaction action = {.sa_handler = give_up};
  struct itimerval timer = {.it_value = {.tv_usec = DEADLINE_MS * 1000}};
  reset_signals();
  signal(SIGPIPE, SIG_IGN);
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &timer, NULL);
}

/* A file of ours must never get the number of a stream: a complaint would be written into it. */
static void fill_streams(void) {
  int fd;
  do
    fd = open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd > STDERR_FILENO) close(fd);
}

/* To its end, whatever of it is kept: some runtimes take it ill if they cannot write it all. */
static size_t read_state(char *text) {
  static char rest[4096];
  size_t size = 0;
  while (true) {
    bool full = size == MAX_STATE;
    ssize_t got = read(STDIN_FILENO, full ? rest : text + size, full ? sizeof rest : MAX_STATE - size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return size;
    if (!full) size += (size_t)got;
  }
}

static size_t read_file(const char *path, char *text, size_t room) {
  cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? -1 : read(fd, text, room - 1);
  text[got < 0 ? 0 : got] = '\0';
  return got < 0 ? 0 : (size_t)got;
}

/* Field 22 of /proc/PID/stat: tells the process from a later one with its pid. 0 if there is no such process. */
static uint64_t start_time(uint64_t pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%" PRIu64 "/stat", pid);
  if (read_file(path, text, sizeof text) == 0) return 0;
  char *at = strrchr(text, ')'); /* the name before it may hold anything */
  for (int field = 2; at != NULL && field < 22; field++)
    at = strchr(at + 1, ' ');
  return at == NULL ? 0 : strtoull(at + 1, NULL, 10);
}

static int compose(char *note, const struct ocistate *state, uint64_t started) {
  char boot[64];
  read_file("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
  boot[strcspn(boot, "\n")] = '\0';
  struct slice bundle = state->bundle.size > 0 ? state->bundle : (struct slice){.at = "null", .size = 4};
  int size = snprintf(note, MAX_NOTE,
                      "{\"schemaVersion\":1,\"id\":\"%.*s\",\"pid\":%" PRIu64 ",\"startTime\":%" PRIu64
                      ",\"bootId\":\"%s\",\"bundle\":%.*s}\n",
                      (int)state->id.size, state->id.at, state->pid, started, boot, (int)bundle.size, bundle.at);
  return size < MAX_NOTE ? size : -1;
}

/* The directory lies in /run, which a reboot empties. */
static int open_directory(char *path) {
  char parent[PATH_MAX];
  if (strlen(path) >= sizeof parent) return -1;
  mkdir(dirname(strcpy(parent, path)), 0755);
  mkdir(path, 0700);
  return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A note is whole or not there. It bears the start time in its name: each is written once, and whoever finds its
 * process gone may remove it without a glance at what has started meanwhile. */
static int write_note(int directory, const struct ocistate *state, uint64_t started, const char *note, size_t size) {
  char name[256], temporary[300];
  snprintf(name, sizeof name, "%.*s.%" PRIu64 ".json", (int)state->id.size, state->id.at, started);
  snprintf(temporary, sizeof temporary, ".%s.%d", name, (int)getpid());
  cleanup_fd int fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return -1;
  if (write_all(fd, note, size) == 0 && renameat(directory, temporary, directory, name) == 0) return 0;
  int saved = errno;
  unlinkat(directory, temporary, 0);
  errno = saved;
  return -1;
}

static const char *take_note(char *path) {
  static char text[MAX_STATE], note[MAX_NOTE];
  struct ocistate state;
  if (!ocistate_parse(text, read_state(text), &state)) return "no container with a process";
  uint64_t started = start_time(state.pid);
  if (started == 0) return "the container's process is gone";
  int size = compose(note, &state, started);
  if (size < 0) return "the name of the bundle is too long";
  cleanup_fd int directory = open_directory(path);
  if (directory < 0 || write_note(directory, &state, started, note, (size_t)size) < 0) return strerror(errno);
  return NULL;
}

int verb_hook(int argc, char **argv) {
  set_deadline();
  fill_streams();
  const char *trouble = argc == 2 && argv[1][0] == '/' ? take_note(argv[1]) : "one absolute directory is wanted";
  if (trouble != NULL) fprintf(stderr, "pod-init: hook: %s: the container is not noted\n", trouble);
  return 0;
}
