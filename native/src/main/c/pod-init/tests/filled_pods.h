/* A filler, two processes that it fills, and the conversation with it: what every test of `pod-init fill` needs. */
#pragma once

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include "fill_index.h"
#include "pod_memory.h"
#include "tap.h"

enum { TASKS = 2, PATIENCE_MS = 20000 };

static const uint32_t VPIDS[TASKS] = {1, 42};

struct file {
  struct fill_header header;
  struct fill_task tasks[TASKS];
  struct fill_run runs[2];
  struct fill_hot hot[2];
  uint32_t slots[TASKS][PAGES];
};

static char directory[64];
static struct file *file; /* the index, mapped */
static int agent = -1, criu = -1;
static pid_t holder, worker, pods[TASKS];

static void path_of(char *path, size_t size, const char *name) {
  snprintf(path, size, "%s/%s", directory, name);
}

static void *map_new(const char *name, size_t size) {
  char path[128];
  path_of(path, sizeof path, name);
  unlink(path);
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, (off_t)size) < 0) die_errno("%s", path);
  void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (map == MAP_FAILED) die_errno("%s", path);
  return map;
}

/* What lies in slots that no task has. */
enum { NO_TASKS = 0xeeeeee };

/* Both tasks have the same pages, each its own in the store; every hundred pages lie in another order. */
static void make_files(void) {
  size_t bytes = (size_t)TASKS * PAGES * PAGE;
  char *store = map_new("store", bytes);
  file = map_new("index", sizeof *file);
  *file = (struct file){
      .header = {FILL_MAGIC, FILL_VERSION, TASKS, sizeof *file, offsetof(struct file, hot), 2},
      .runs = {{BASE, FIRST, 0}, {BASE2, SECOND, FIRST}},
      .hot = {{42, 0, 5000, 1500}, {1, 0, 70, 3}},
  };
  for (uint32_t task = 0; task < TASKS; task++) {
    file->tasks[task] =
        (struct fill_task){VPIDS[task], 2, offsetof(struct file, runs), PAGES, offsetof(struct file, slots[task])};
    for (uint32_t page = 0; page < PAGES; page++) {
      uint32_t place = task * PAGES + (page / 100 % 2 == 0 ? page : page / 100 * 100 + 99 - page % 100);
      uint32_t content = restored(page);
      put_content((uint64_t *)(store + (size_t)place * PAGE), content == 0 ? NO_TASKS : content);
      file->slots[task][page] = content == 0 ? FILL_ZERO : content == 4 ? (task * PAGES + 3) | FILL_SHARED : place;
    }
  }
  munmap(store, bytes);
}

static int dial(const char *name, int type) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  path_of(address.sun_path, sizeof address.sun_path, name);
  int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die_errno("%s", name);
  return fd;
}

static void start_filler(void) {
  int ends[2];
  char line[256] = "", log[128];
  path_of(log, sizeof log, "log");
  if (pipe(ends) < 0) die_errno("pipe");
  pid_t front = fork();
  if (front == 0) {
    dup2(ends[1], 1);
    execl(getenv("POD_INIT"), "pod-init", "fill", "--dir", directory, "--socket-dir", directory, "--log", log, NULL);
    _exit(127);
  }
  close(ends[1]);
  ssize_t got = read(ends[0], line, sizeof line - 1);
  close(ends[0]);
  if (got <= 0 || ending(front) != 0 || sscanf(line, "{\"event\":\"ready\",\"pid\":%d", &holder) != 1)
    die("the filler did not start: %s", line);
  agent = dial("fill.socket", SOCK_SEQPACKET);
  criu = dial("lazy-pages.socket", SOCK_STREAM);
}

/* A filler whose processes have ended is gone, too: nothing is lost by not telling it. */
static void say(const char *text) {
  if (send(agent, text, strlen(text), MSG_NOSIGNAL) < 0 && errno != EPIPE) die_errno("%s", text);
}

/* The next message, or an empty one after so many milliseconds, or at the end. */
static const char *hear(int patience_ms) {
  static char text[512];
  struct pollfd ready = {.fd = agent, .events = POLLIN};
  text[0] = '\0';
  if (poll(&ready, 1, patience_ms) < 1) return text;
  ssize_t got = recv(agent, text, sizeof text - 1, 0);
  text[got < 0 ? 0 : got] = '\0';
  return text;
}

/* The message that begins like this; skips others. */
static const char *hear_of(const char *start) {
  for (;;) {
    const char *text = hear(PATIENCE_MS);
    if (text[0] == '\0' || strncmp(text, start, strlen(start)) == 0) return text;
    if (strncmp(text, "error", 5) == 0) printf("# %s\n", text);
  }
}

static void ask_pids(void) {
  say("status");
  if (sscanf(hear_of("pids"), "pids %d %d", &holder, &worker) != 2) die("no answer to status");
}

static bool over(pid_t pid) {
  for (int tries = 0; tries < 500; tries++) {
    char path[64], state = 'X';
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *stat = fopen(path, "r");
    if (stat != NULL && fscanf(stat, "%*d (%*[^)]) %c", &state) != 1) state = 'X';
    if (stat != NULL) fclose(stat);
    if (state == 'X' || state == 'Z') return true;
    usleep(10000);
  }
  return false;
}

static void start_pods(void (*life)(void)) {
  for (int i = 0; i < TASKS; i++) {
    int ends[2];
    if (pipe(ends) < 0) die_errno("pipe");
    fflush(stdout);
    pods[i] = fork();
    if (pods[i] == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      alarm(60);
      close(agent);
      if (be_restored(criu, (int32_t)VPIDS[i], (uint64_t)time(NULL) * 2 + (uint64_t)getpid()) < 0) _exit(2);
      close(criu);
      (void)!write(ends[1], "", 1);
      life();
      _exit(0);
    }
    char byte;
    close(ends[1]);
    if (read(ends[0], &byte, 1) != 1) die("a pod did not start");
    close(ends[0]);
  }
}

static void finish_restore(void) {
  int32_t zombie = -7;
  uint32_t finished = 0x52535446;
  if (send(criu, &zombie, 4, 0) != 4 || send(criu, &finished, 4, 0) != 4) die_errno("finishing");
}

static void set_up(void (*life)(void), void (*prepare)(void)) {
  make_files();
  if (prepare != NULL) prepare();
  start_filler();
  say("load");
  is(hear_of("loaded"), "loaded 16000", "loaded");
  start_pods(life);
}

/* After everything: all pods were right, the filler says so and is gone. */
static void conclude(const char *what) {
  int failed = 0;
  char path[128];
  for (int i = 0; i < TASKS; i++)
    failed |= ending(pods[i]);
  ok(failed == 0, what);
  path_of(path, sizeof path, "done");
  bool gone = over(worker) & over(holder);
  ok(gone && access(path, F_OK) == 0, "the filler has ended, its work done");
  if (!gone) {
    kill(holder, SIGSTOP);
    kill(worker, SIGKILL);
    kill(holder, SIGKILL);
  }
  unlink(path);
  munmap(file, sizeof *file);
  close(agent);
  close(criu);
}
