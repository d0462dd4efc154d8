/* Many processes: a deep and wide tree, and one that never stands still. */
#include "workload.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_PROCESSES = 1000, DEFAULT_PROCESSES = 50, CHILDREN = 3 };

/* Every process of the tree adds to its own counter; `parents` is what it was born to. */
struct census {
  volatile int alive;
  volatile pid_t pids[MAX_PROCESSES];
  volatile pid_t parents[MAX_PROCESSES];
  volatile unsigned long beats[MAX_PROCESSES];
};

static struct census *census;
static int wanted;
static pid_t root;

/* Process `number` has children 3n+1, 3n+2, 3n+3. */
static void grow(void *argument) {
  const int number = *(int *)argument;
  const pid_t self = getpid(), parent = getppid();
  census->pids[number] = self;
  census->parents[number] = parent;
  for (int i = 1; i <= CHILDREN; i++) {
    int child = CHILDREN * number + i;
    if (child < wanted)
      spawn(grow, &child);
  }
  __sync_fetch_and_add(&census->alive, 1);
  for (;; sleep_ms(20)) {
    expect_eq(getpid(), self);
    expect_eq(getppid(), parent);
    census->beats[number]++;
  }
}

static void setup_tree(int argc, char **argv) {
  wanted = argc > 0 ? atoi(argv[0]) : DEFAULT_PROCESSES;
  expect(wanted > 0 && wanted <= MAX_PROCESSES);
  census = shared_memory(sizeof *census);
  root = spawn(grow, &(int){0});
  for (long end = now_ms() + 20000; census->alive < wanted; sleep_ms(5))
    expect(now_ms() < end);
}

static void check_tree(void) {
  static unsigned long before[MAX_PROCESSES];
  expect_alive(root);
  for (int i = 0; i < wanted; i++)
    before[i] = census->beats[i];
  for (long end = now_ms() + 10000; now_ms() < end; sleep_ms(10)) {
    int moving = 0;
    for (int i = 0; i < wanted; i++)
      moving += census->beats[i] != before[i];
    if (moving == wanted)
      return;
  }
  fail("some of the %d processes stand still", wanted);
}

static volatile unsigned long *generations;
static unsigned long generations_seen;
static pid_t breeders[4];

static void breed(void *argument) {
  for (;;) {
    pid_t child = (pid_t)must(fork());
    if (child == 0) {
      /* a grandchild too, which pid 1 will have to reap */
      if (fork() == 0)
        _exit(0);
      _exit(7);
    }
    int status;
    must(waitpid(child, &status, 0));
    expect(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    __sync_fetch_and_add(generations, 1);
  }
}

static void setup_storm(int argc, char **argv) {
  generations = shared_memory(sizeof *generations);
  for (int i = 0; i < 4; i++)
    breeders[i] = spawn(breed, NULL);
}

static void check_storm(void) {
  for (int i = 0; i < 4; i++)
    expect_alive(breeders[i]);
  for (long end = now_ms() + 5000; *generations == generations_seen; sleep_ms(1))
    expect(now_ms() < end);
  generations_seen = *generations;
}

const struct workload tree_workloads[] = {
    {"tree", "a tree of N processes, 50 if not said", setup_tree, check_tree, NULL},
    {"fork-storm", "processes that fork all the time", setup_storm, check_storm, NULL},
    {0},
};
