/* What a workload is: a program that puts some kernel state in place, then verifies it for ever, so
 * that a move to another host that loses or changes any of it is noticed by the workload itself.
 *
 * Output, one line each, on stdout:
 *   ready NAME      the state stands, verification begins
 *   ok NAME N       the Nth check in a row held (ten a second)
 *   verified NAME N after the Nth SIGUSR2, where there is `verify`: all of the state held
 *   done NAME       after SIGUSR1: what can be checked only once held too; exit status 0
 *   FAIL NAME: ...  something was not as it was left; exit status 1
 *   skip NAME: ...  this host cannot provide the state at all; exit status 77
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

/* What becomes of it in a move. CRIU 4.2 decides; a newer one may do better, then a test says so.
 */
enum fate {
  MOVES = 0,
  REFUSED, /* the move is refused and the workload goes on where it is */
  LOST,    /* the move happens, the state is not there afterwards: CRIU does not see it */
};

struct workload {
  const char *name;
  const char *about;
  void (*setup)(int argc, char **argv); /* argv[0] is the first argument after the name */
  void (*check)(void);                  /* repeatable; NULL: nothing */
  void (*finish)(void);                 /* once, after SIGUSR1; NULL: nothing */
  enum fate fate;
  const char *needs; /* capabilities beyond a pod's default ones, separated by commas; NULL: none */
  void (*verify)(void); /* verifies everything, however long it takes; NULL: `check` does */
};

/* One table per file, ended by a row without a name. */
extern const struct workload pipe_workloads[], unix_workloads[], inet_workloads[], pty_workloads[],
    timer_workloads[], signal_workloads[], shm_workloads[], sysv_workloads[], thread_workloads[],
    file_workloads[], lock_workloads[], mount_workloads[], namespace_workloads[],
    process_workloads[], tree_workloads[], notify_workloads[], identity_workloads[],
    memory_workloads[], odd_workloads[], mapping_adversaries[], process_adversaries[],
    shared_adversaries[];

/* The name that messages carry; also makes the scratch directory known. */
void program_name(const char *name);

_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The value of a call that returns -1 and errno on failure. */
#define must(call) must_(#call, __FILE__, __LINE__, (long)(call))
/* The same for calls that return an error number (pthread_*). */
#define must0(call) must0_(#call, __FILE__, __LINE__, (call))
#define expect(condition)                                                                          \
  do {                                                                                             \
    if (!(condition))                                                                              \
      fail("%s:%d: not true: %s", __FILE__, __LINE__, #condition);                                 \
  } while (0)
#define expect_eq(actual, wanted)                                                                  \
  expect_eq_(#actual, __FILE__, __LINE__, (long long)(actual), (long long)(wanted))

long must_(const char *what, const char *file, int line, long result);
void must0_(const char *what, const char *file, int line, int error);
void expect_eq_(const char *what, const char *file, int line, long long actual, long long wanted);

/* A stream of bytes that depends only on `seed` and the position in the stream: whoever reads can
 * tell every byte. */
void pattern_fill(void *buffer, size_t length, uint32_t seed, uint64_t position);
void pattern_check(const char *what, const void *buffer, size_t length, uint32_t seed,
                   uint64_t position);

/* Whole transfers; a short one fails. */
void write_all(int fd, const void *buffer, size_t length);
void read_all(int fd, void *buffer, size_t length);

/* Forks a child that dies with this process; `body` must not return. Children are killed on exit.
 */
pid_t spawn(void (*body)(void *), void *argument);
/* Fails unless the child is alive; a child that failed has already said why. */
void expect_alive(pid_t child);
/* Waits for `child` to exit with status 0. */
void expect_exit_ok(pid_t child);
/* Milliseconds of CLOCK_MONOTONIC. */
long now_ms(void);
void sleep_ms(long ms);
/* Memory shared with all children, zeroed. */
void *shared_memory(size_t length);
/* A path beneath the workload's private directory in /tmp. */
const char *scratch(const char *name);
/* Reads `path` and fails unless its whole content is `wanted`. */
void expect_content(const char *path, const char *wanted);
void write_file(const char *path, const char *content);

#endif
