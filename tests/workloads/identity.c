/* Who a process is and what it may do. */
#include "workload.h"

#include <errno.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile int *ready;
static pid_t person;

static void start(void (*life)(void *)) {
  ready = shared_memory(sizeof *ready);
  person = spawn(life, NULL);
  for (long end = now_ms() + 5000; !*ready; sleep_ms(1)) {
    expect_alive(person);
    expect(now_ms() < end);
  }
}

static void check_person(void) {
  expect_alive(person);
}

/* Reads one line of /proc/self/status, without its name. */
static void status_line(const char *name, char *value, size_t size) {
  FILE *status = fopen("/proc/thread-self/status", "re");
  char line[256];
  expect(status != NULL);
  *value = 0;
  while (fgets(line, sizeof line, status))
    if (strncmp(line, name, strlen(name)) == 0)
      snprintf(value, size, "%s", line + strlen(name));
  fclose(status);
  if (!*value)
    fail("/proc/self/status has no %s", name);
}

static const char *const facts[] = {"Uid:",    "Gid:",    "Groups:", "CapInh:",     "CapPrm:",
                                    "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:", "Seccomp:"};
enum { FACTS = sizeof facts / sizeof *facts };

static void remain_the_same(void) {
  static char before[FACTS][128];
  for (int i = 0; i < FACTS; i++)
    status_line(facts[i], before[i], sizeof before[i]);
  *ready = 1;
  for (;; sleep_ms(20))
    for (int i = 0; i < FACTS; i++) {
      char now[128];
      status_line(facts[i], now, sizeof now);
      if (strcmp(now, before[i]) != 0)
        fail("%s was %.60s and is %.60s", facts[i], before[i], now);
    }
}

static void live_as_user(void *argument) {
  const gid_t groups[] = {33, 1000, 5};
  must(setgroups(3, groups));
  must(setresgid(1000, 1000, 33));
  must(setresuid(1000, 1000, 33));
  must(prctl(PR_SET_PDEATHSIG, SIGKILL));
  remain_the_same();
}

static void setup_user(int argc, char **argv) {
  start(live_as_user);
}

static void live_with_little(void *argument) {
  must(prctl(PR_CAPBSET_DROP, 10 /* CAP_NET_BIND_SERVICE */));
  must(prctl(PR_SET_KEEPCAPS, 1));
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  must(setresuid(33, 33, 33));
  must(prctl(PR_SET_PDEATHSIG, SIGKILL));
  remain_the_same();
}

static void setup_capabilities(int argc, char **argv) {
  start(live_with_little);
}

/* A filter under which getpriority() fails with its own error number. */
static void forbid_getpriority(void) {
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 99),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {.len = 4, .filter = rules};
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

static void live_filtered(void *argument) {
  forbid_getpriority();
  *ready = 1;
  for (;; sleep_ms(20))
    expect(syscall(SYS_getpriority, PRIO_PROCESS, 0) < 0 && errno == 99);
}

static void setup_seccomp(int argc, char **argv) {
  start(live_filtered);
}

static cpu_set_t affinity;

static void setup_attributes(int argc, char **argv) {
  /* before PR_SET_DUMPABLE, which gives the file to root */
  write_file("/proc/self/oom_score_adj", "321\n");
  umask(0137);
  must(chdir("/tmp"));
  must(prctl(PR_SET_NAME, "odd fellow"));
  must(prctl(PR_SET_DUMPABLE, 0));
  must(prctl(PR_SET_TIMERSLACK, 77777));
  must(setpriority(PRIO_PROCESS, 0, 7));
  struct rlimit limit = {.rlim_cur = 111, .rlim_max = 222};
  must(setrlimit(RLIMIT_NOFILE, &limit));
  limit = (struct rlimit){.rlim_cur = 0, .rlim_max = 0};
  must(setrlimit(RLIMIT_CORE, &limit));
  CPU_SET(0, &affinity);
  must(sched_setaffinity(0, sizeof affinity, &affinity));
  const struct sched_param none = {0};
  must(sched_setscheduler(0, SCHED_BATCH, &none));
}

static void check_attributes(void) {
  mode_t mask = umask(0137);
  expect_eq(mask, 0137);
  char text[64];
  expect(getcwd(text, sizeof text) && strcmp(text, "/tmp") == 0);
  must(prctl(PR_GET_NAME, text));
  expect(strcmp(text, "odd fellow") == 0);
  expect_eq(prctl(PR_GET_DUMPABLE), 0);
  expect_eq(getpriority(PRIO_PROCESS, 0), 7);
  struct rlimit limit;
  must(getrlimit(RLIMIT_NOFILE, &limit));
  expect(limit.rlim_cur == 111 && limit.rlim_max == 222);
  expect_eq(sched_getscheduler(0), SCHED_BATCH);
  expect_content("/proc/self/oom_score_adj", "321\n");
}

static void check_affinity(void) {
  cpu_set_t now;
  must(sched_getaffinity(0, sizeof now, &now));
  expect(CPU_EQUAL(&now, &affinity));
}

static void setup_affinity(int argc, char **argv) {
  CPU_SET(0, &affinity);
  must(sched_setaffinity(0, sizeof affinity, &affinity));
}

static void check_slack(void) {
  expect_eq(prctl(PR_GET_TIMERSLACK), 77777);
}

static void setup_slack(int argc, char **argv) {
  must(prctl(PR_SET_TIMERSLACK, 77777));
}

static char command_line[4096];

static void read_command_line(char *text, size_t size) {
  FILE *file = fopen("/proc/self/cmdline", "re");
  expect(file && fread(text, 1, size, file) > 0);
  fclose(file);
}

static void setup_environment(int argc, char **argv) {
  must(setenv("PODKIT_WORKLOAD", "kept", 1));
  read_command_line(command_line, sizeof command_line);
}

static void check_environment(void) {
  const char *value = getenv("PODKIT_WORKLOAD");
  expect(value && strcmp(value, "kept") == 0);
  char found[sizeof command_line] = "";
  read_command_line(found, sizeof found);
  expect(memcmp(found, command_line, sizeof found) == 0);
}

const struct workload identity_workloads[] = {
    {"user", "a process with other users and groups", setup_user, check_person, NULL},
    {"capabilities", "dropped capabilities, no_new_privs", setup_capabilities, check_person, NULL},
    {"seccomp", "a seccomp filter", setup_seccomp, check_person, NULL},
    {"attributes", "umask, cwd, name, limits, priority, scheduler", setup_attributes,
     check_attributes, NULL},
    {"affinity", "pinned to one CPU", setup_affinity, check_affinity, NULL, .fate = LOST},
    {"timer-slack", "timer slack", setup_slack, check_slack, NULL, .fate = LOST},
    {"environment", "environment and command line", setup_environment, check_environment, NULL},
    {0},
};
