/* What the adversaries share. An adversary changes its memory in every way a program may, all the
 * time, at a chosen rate, and knows what its memory must hold. It is the opponent of whatever
 * tracks and moves memory while it runs.
 *
 *   workload adversary-NAME [--rate OPERATIONS_PER_S] [--size MIB] [--seed N]
 *
 * With rate 0 it only looks. The same seed makes the same operations in each worker; how workers
 * meet is the scheduler's. */
#ifndef ADVERSARY_H
#define ADVERSARY_H

#include "pages.h"
#include "workload.h"

enum { MAX_WORKERS = 128 };

/* One thread or process that owns its memory alone. */
struct worker {
  unsigned number;
  uint64_t random; /* for next_random */
  uint64_t rate;   /* operations a second */
  size_t pages;    /* how much memory it may use */
  uint64_t operations;
  const char *doing; /* the last operation, for the report of a failure */
  void *own;         /* the adversary's */
};

/* What a worker does. All of them may fail(). */
struct kind {
  void (*start)(struct worker *);
  void (*operate)(struct worker *); /* one operation */
  void (*look)(struct worker *);    /* verifies the next part, ten times a second */
  void (*verify)(struct worker *);  /* verifies everything */
};

struct options {
  uint64_t rate, seed;
  size_t pages; /* in all */
};

/* Reads the arguments; `rate` and `mib` are used where none are given. */
struct options adversary_options(int argc, char **argv, uint64_t rate, size_t mib);

/* Workers of one kind with equal shares of rate and size. They number on from those before. */
void start_threads(const struct kind *kind, struct options options, unsigned count);
void start_processes(const struct kind *kind, struct options options, unsigned count);
/* For a process that starts threads of its own: declares workers that it will have. */
unsigned reserve_workers(unsigned count);
struct worker make_worker(struct options options, unsigned number, unsigned sharers);
_Noreturn void run_worker(const struct kind *kind, struct worker worker);
void watch_process(pid_t child);

/* Every worker is alive and has looked since the last time. */
void check_workers(void);
/* Every worker verifies all it has. */
void verify_workers(void);

/* Fails because of one page, and says what is needed to see it again. */
_Noreturn void corrupt(const void *at, uint64_t space, uint64_t number, uint32_t generation,
                       const char *found);
/* Fails unless the page is what it should be. */
void expect_page(const void *at, uint64_t space, uint64_t number, uint32_t generation);

/* A number below `limit`. */
size_t below(struct worker *worker, size_t limit);
/* Tells what is being done, for the report of a failure. */
void doing(const char *what);
/* A new space: no two are alike, in all workers. */
uint64_t new_space(void);

#endif
