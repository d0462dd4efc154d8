/* The frame of the adversaries: workers, their pace, the requests to verify. */
#include "adversary.h"

#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_US = 100000, NAP_US = 20000, BEHIND_US = 50000, PATIENCE_MS = 120000 };

/* Shared by all workers, processes too. */
struct board {
  volatile uint32_t request;
  struct {
    volatile uint32_t answered;
    volatile uint64_t looks;
  } workers[MAX_WORKERS];
};

static struct board *board;
static unsigned workers;
static pid_t processes[MAX_WORKERS];
static unsigned process_count;
static uint64_t seed;
static __thread struct worker *self;
static __thread uint64_t spaces;

struct options adversary_options(int argc, char **argv, uint64_t rate, size_t mib) {
  static const struct option known[] = {
      {"rate", required_argument, NULL, 'r'},
      {"size", required_argument, NULL, 's'},
      {"seed", required_argument, NULL, 'x'},
      {0},
  };
  struct options options = {.rate = rate, .seed = 1, .pages = mib << 8};
  char *words[16] = {"adversary"}; /* getopt starts at the second */
  expect(argc < 15);
  memcpy(words + 1, argv, (size_t)argc * sizeof *argv);
  for (int found; (found = getopt_long(argc + 1, words, "", known, NULL)) != -1;) {
    uint64_t value = found == '?' ? 0 : strtoull(optarg, NULL, 10);
    if (found == 'r')
      options.rate = value;
    else if (found == 's' && value > 0)
      options.pages = (size_t)value << 8;
    else if (found == 'x')
      options.seed = value;
    else
      fail("options are --rate OPERATIONS_PER_S, --size MIB, --seed N");
  }
  seed = options.seed;
  board = shared_memory(sizeof *board);
  return options;
}

unsigned reserve_workers(unsigned count) {
  unsigned first = workers;
  workers += count;
  expect(workers <= MAX_WORKERS);
  return first;
}

struct worker make_worker(struct options options, unsigned number, unsigned sharers) {
  uint64_t rate = options.rate / sharers;
  return (struct worker){
      .number = number,
      .random = seed_from(options.seed, number, 0),
      .rate = rate == 0 && options.rate > 0 ? 1 : rate,
      .pages = options.pages / sharers,
      .doing = "starting",
  };
}

static int64_t now_us(void) {
  struct timespec t;
  must(clock_gettime(CLOCK_MONOTONIC, &t));
  return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static void nap(int64_t us) {
  const struct timespec t = {.tv_nsec = us * 1000};
  nanosleep(&t, NULL);
}

static void answer(const struct kind *kind, struct worker *worker) {
  uint32_t request = board->request;
  if (board->workers[worker->number].answered == request)
    return;
  worker->doing = "verifying";
  kind->verify(worker);
  board->workers[worker->number].answered = request;
}

void run_worker(const struct kind *kind, struct worker worker) {
  self = &worker;
  kind->start(&worker);
  int64_t due = now_us(), next_look = due;
  for (;;) {
    answer(kind, &worker);
    int64_t now = now_us();
    if (now >= next_look) {
      worker.doing = "looking";
      kind->look(&worker);
      board->workers[worker.number].looks++;
      next_look = now + LOOK_US;
    }
    if (due < now - BEHIND_US) /* what was missed during a move is not made up for */
      due = now - BEHIND_US;
    for (; worker.rate > 0 && due <= now; due += 1000000 / (int64_t)worker.rate) {
      worker.operations++;
      kind->operate(&worker);
    }
    int64_t left = worker.rate > 0 ? due - now_us() : NAP_US;
    if (left > 0)
      nap(left < NAP_US ? left : NAP_US);
  }
}

struct order {
  const struct kind *kind;
  struct worker worker;
};

static void *thread_life(void *argument) {
  struct order order = *(struct order *)argument;
  free(argument);
  run_worker(order.kind, order.worker);
}

static void process_life(void *argument) {
  struct order *order = argument;
  run_worker(order->kind, order->worker);
}

void start_threads(const struct kind *kind, struct options options, unsigned count) {
  unsigned first = reserve_workers(count);
  for (unsigned i = 0; i < count; i++) {
    struct order *order = malloc(sizeof *order);
    expect(order);
    *order = (struct order){kind, make_worker(options, first + i, count)};
    pthread_t thread;
    must0(pthread_create(&thread, NULL, thread_life, order));
  }
}

void watch_process(pid_t child) {
  processes[process_count++] = child;
}

void start_processes(const struct kind *kind, struct options options, unsigned count) {
  unsigned first = reserve_workers(count);
  for (unsigned i = 0; i < count; i++) {
    struct order order = {kind, make_worker(options, first + i, count)};
    watch_process(spawn(process_life, &order));
  }
}

static void expect_processes(void) {
  for (unsigned i = 0; i < process_count; i++)
    expect_alive(processes[i]);
}

void check_workers(void) {
  static uint64_t seen[MAX_WORKERS];
  expect_processes();
  for (unsigned i = 0; i < workers; i++) {
    for (long end = now_ms() + PATIENCE_MS; board->workers[i].looks == seen[i]; sleep_ms(5)) {
      expect_processes();
      if (now_ms() > end)
        fail("worker %u stands still", i);
    }
    seen[i] = board->workers[i].looks;
  }
}

void verify_workers(void) {
  uint32_t request = ++board->request;
  for (unsigned i = 0; i < workers; i++)
    for (long end = now_ms() + PATIENCE_MS; board->workers[i].answered != request; sleep_ms(2)) {
      expect_processes();
      if (now_ms() > end)
        fail("worker %u does not verify", i);
    }
}

void corrupt(const void *at, uint64_t space, uint64_t number, uint32_t generation,
             const char *found) {
  fail("page %" PRIu64 " of %#" PRIx64 ", generation %u, at %p is %s; process %d, worker %u, "
       "operation %" PRIu64 " (%s), seed %" PRIu64,
       number, space, generation, at, found, getpid(), self ? self->number : 0,
       self ? self->operations : 0, self ? self->doing : "", seed);
}

void expect_page(const void *at, uint64_t space, uint64_t number, uint32_t generation) {
  const char *found = page_judge(at, space, number, generation);
  if (found)
    corrupt(at, space, number, generation, found);
}

size_t below(struct worker *worker, size_t limit) {
  return (size_t)((next_random(&worker->random) >> 16) % limit);
}

void doing(const char *what) {
  if (self)
    self->doing = what;
}

uint64_t new_space(void) {
  uint64_t owner = self ? self->number : MAX_WORKERS;
  return (uint64_t)getpid() << 32 | owner << 24 | ++spaces;
}
