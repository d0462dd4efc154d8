/* Processes in unusual states. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ZOMBIES = 5 };

static pid_t dead[ZOMBIES];

static char state_of(pid_t pid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int fd = (int)must(open(path, O_RDONLY | O_CLOEXEC));
  ssize_t length = must(read(fd, text, sizeof text - 1));
  must(close(fd));
  text[length] = 0;
  const char *end = strrchr(text, ')');
  expect(end != NULL);
  return end[2];
}

static void die_by(void *argument) {
  int how = *(int *)argument;
  if (how > 2)
    must(raise(SIGKILL));
  _exit(how);
}

static void setup_zombies(int argc, char **argv) {
  for (int i = 0; i < ZOMBIES; i++)
    dead[i] = spawn(die_by, &i);
  for (int i = 0; i < ZOMBIES; i++)
    must(waitid(P_PID, (id_t)dead[i], &(siginfo_t){0}, WEXITED | WNOWAIT));
}

static void check_zombies(void) {
  for (int i = 0; i < ZOMBIES; i++)
    expect_eq(state_of(dead[i]), 'Z');
}

static void finish_zombies(void) {
  for (int i = 0; i < ZOMBIES; i++) {
    int status;
    must(waitpid(dead[i], &status, 0));
    if (i > 2)
      expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    else
      expect(WIFEXITED(status) && WEXITSTATUS(status) == i);
  }
}

static pid_t stopped;
static volatile long *beats;

static void beat(void *argument) {
  for (;; sleep_ms(5))
    ++*beats;
}

static void setup_stopped(int argc, char **argv) {
  beats = shared_memory(sizeof *beats);
  stopped = spawn(beat, NULL);
  must(kill(stopped, SIGSTOP));
  int status;
  must(waitpid(stopped, &status, WUNTRACED));
  expect(WIFSTOPPED(status));
}

static void check_stopped(void) {
  long before = *beats;
  for (long end = now_ms() + 1000; state_of(stopped) != 'T'; sleep_ms(1))
    expect(now_ms() < end); /* after a move the stop may arrive a moment later than we look */
  expect_eq(*beats, before);
}

static void finish_stopped(void) {
  long before = *beats;
  must(kill(stopped, SIGCONT));
  for (long end = now_ms() + 5000; *beats == before; sleep_ms(1))
    expect(now_ms() < end);
}

/* leader: a session with two groups; one member's leader is gone. */
struct family {
  pid_t session, group, member, orphan;
};
static volatile struct family *family;

static void idle(void *argument) {
  for (;;)
    pause();
}

static void lead_session(void *argument) {
  family->session = (pid_t)must(setsid());
  pid_t first = spawn(idle, NULL), second = spawn(idle, NULL);
  must(setpgid(first, first));
  must(setpgid(second, first));
  family->group = first;
  family->member = second;
  must(prctl(PR_SET_CHILD_SUBREAPER, 1));
  pid_t middle = (pid_t)must(fork());
  if (middle == 0) {
    must(setpgid(0, 0));
    family->orphan = spawn(idle, NULL);
    must(prctl(PR_SET_PDEATHSIG, 0));
    _exit(0);
  }
  expect_exit_ok(middle);
  idle(NULL);
}

static pid_t leader;

static void setup_sessions(int argc, char **argv) {
  family = shared_memory(sizeof *family);
  leader = spawn(lead_session, NULL);
  for (long end = now_ms() + 5000; !family->orphan || !family->member; sleep_ms(1))
    expect(now_ms() < end);
  sleep_ms(50);
}

static void check_sessions(void) {
  expect_alive(leader);
  expect_eq(family->session, leader);
  expect_eq(getsid(family->member), leader);
  expect_eq(getpgid(family->member), family->group);
  expect_eq(getpgid(family->group), family->group);
  expect(getsid(0) != leader);
}

/* exec over and over: the program is replaced, its pid, its descriptors and its argument stay. */
static void replace_often(void *argument) {
  char *round = argument;
  must(execl("/proc/self/exe", "workload", "exec-round", round, (char *)NULL));
}

static pid_t changing;

static void setup_exec(int argc, char **argv) {
  changing = spawn(replace_often, "1");
}

static void check_exec(void) {
  expect_alive(changing);
}

/* The other half of `exec`: not for use by itself. */
static void setup_exec_round(int argc, char **argv) {
  expect(argc == 1);
  long round = atol(argv[0]);
  char next[24];
  snprintf(next, sizeof next, "%ld", round + 1);
  sleep_ms(20);
  must(prctl(PR_SET_PDEATHSIG, SIGKILL));
  must(execl("/proc/self/exe", "workload", "exec-round", next, (char *)NULL));
}

const struct workload process_workloads[] = {
    {"zombies", "children that have died and are not waited for", setup_zombies, check_zombies,
     finish_zombies},
    {"stopped", "a stopped child stays stopped until SIGCONT", setup_stopped, check_stopped,
     finish_stopped},
    {"sessions", "sessions and process groups", setup_sessions, check_sessions, NULL},
    {"exec", "a process that replaces its program all the time", setup_exec, check_exec, NULL},
    {"exec-round", NULL /* internal: not listed */, setup_exec_round, NULL, NULL},
    {0},
};
