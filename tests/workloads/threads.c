/* Threads and what binds them: mutexes, conditions, futexes, robust lists, restartable sequences.
 */
#include "workload.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 8 };

struct ring {
  pthread_mutex_t lock;
  pthread_cond_t turned;
  unsigned long turn;
  unsigned long laps[THREADS];
};

static struct ring ring = {.lock = PTHREAD_MUTEX_INITIALIZER, .turned = PTHREAD_COND_INITIALIZER};
static __thread uint64_t local;
static unsigned long seen;

/* Thread `number` waits for its turn, does its lap, passes on. Its name, id and locals must stay.
 */
static void *run_laps(void *argument) {
  const unsigned long number = (unsigned long)argument;
  const pid_t id = gettid();
  char name[16];
  snprintf(name, sizeof name, "lap-%lu", number);
  must(prctl(PR_SET_NAME, name));
  local = number * 1000;
  for (;;) {
    must0(pthread_mutex_lock(&ring.lock));
    while (ring.turn % THREADS != number)
      must0(pthread_cond_wait(&ring.turned, &ring.lock));
    expect_eq(gettid(), id);
    char found[16];
    must(prctl(PR_GET_NAME, found));
    expect(strcmp(found, name) == 0);
    expect_eq(local, number * 1000 + ring.laps[number]);
    local++;
    ring.laps[number]++;
    ring.turn++;
    must0(pthread_cond_broadcast(&ring.turned));
    must0(pthread_mutex_unlock(&ring.lock));
    sleep_ms(1);
  }
  return NULL;
}

static void setup_threads(int argc, char **argv) {
  for (unsigned long i = 0; i < THREADS; i++) {
    pthread_t thread;
    must0(pthread_create(&thread, NULL, run_laps, (void *)i));
  }
}

static void check_threads(void) {
  for (long end = now_ms() + 5000;; sleep_ms(1)) {
    must0(pthread_mutex_lock(&ring.lock));
    unsigned long turn = ring.turn;
    must0(pthread_mutex_unlock(&ring.lock));
    if (turn > seen + THREADS) {
      seen = turn;
      return;
    }
    expect(now_ms() < end);
  }
}

/* Threads come and go all the time. */
static unsigned long *born;

static void *live_briefly(void *argument) {
  __sync_fetch_and_add((unsigned long *)argument, 1);
  return NULL;
}

static void *breed(void *argument) {
  for (;;) {
    pthread_t thread;
    must0(pthread_create(&thread, NULL, live_briefly, argument));
    must0(pthread_join(thread, NULL));
  }
  return NULL;
}

static void setup_thread_storm(int argc, char **argv) {
  born = shared_memory(sizeof *born);
  for (int i = 0; i < 2; i++) {
    pthread_t thread;
    must0(pthread_create(&thread, NULL, breed, born));
  }
}

static void check_thread_storm(void) {
  for (long end = now_ms() + 5000; *(volatile unsigned long *)born == seen; sleep_ms(1))
    expect(now_ms() < end);
  seen = *born;
}

/* A process that sleeps on a futex in shared memory until it is woken with the value it waits for.
 */
static uint32_t *futex_words; /* [0] a bell, [1] answers */
static pid_t listener;

static long futex(uint32_t *word, int operation, uint32_t value, const struct timespec *timeout) {
  return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

static void answer_bell(void *argument) {
  for (uint32_t heard = 0;;) {
    while (__atomic_load_n(&futex_words[0], __ATOMIC_SEQ_CST) == heard)
      if (futex(&futex_words[0], FUTEX_WAIT, heard, NULL) < 0 && errno != EAGAIN && errno != EINTR)
        fail("futex wait: %s", strerror(errno));
    heard++;
    __atomic_store_n(&futex_words[1], heard, __ATOMIC_SEQ_CST);
    must(futex(&futex_words[1], FUTEX_WAKE, 1, NULL));
  }
}

static void setup_futex(int argc, char **argv) {
  futex_words = shared_memory(2 * sizeof *futex_words);
  listener = spawn(answer_bell, NULL);
}

static void check_futex(void) {
  uint32_t wanted = __atomic_add_fetch(&futex_words[0], 1, __ATOMIC_SEQ_CST);
  must(futex(&futex_words[0], FUTEX_WAKE, 1, NULL));
  const struct timespec patience = {.tv_sec = 5};
  for (uint32_t found; (found = __atomic_load_n(&futex_words[1], __ATOMIC_SEQ_CST)) != wanted;) {
    expect_alive(listener);
    if (futex(&futex_words[1], FUTEX_WAIT, found, &patience) < 0 && errno == ETIMEDOUT)
      fail("nobody answered the futex");
  }
}

/* A robust mutex, held by a child when it dies: the kernel must hand it on. */
static pthread_mutex_t *robust;
static int *held;
static pid_t holder;

static void hold_and_wait(void *argument) {
  must0(pthread_mutex_lock(robust));
  *held = 1;
  for (;;)
    pause();
}

static void setup_robust(int argc, char **argv) {
  robust = shared_memory(sizeof *robust + sizeof *held);
  held = (int *)(robust + 1);
  pthread_mutexattr_t attributes;
  must0(pthread_mutexattr_init(&attributes));
  must0(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
  must0(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
  must0(pthread_mutex_init(robust, &attributes));
  holder = spawn(hold_and_wait, NULL);
  for (long end = now_ms() + 5000; !*(volatile int *)held; sleep_ms(1))
    expect(now_ms() < end);
}

static void check_robust(void) {
  expect_eq(pthread_mutex_trylock(robust), EBUSY);
  expect_alive(holder);
}

static void finish_robust(void) {
  must(kill(holder, SIGKILL));
  const struct timespec soon = {.tv_sec = time(NULL) + 5};
  expect_eq(pthread_mutex_timedlock(robust, &soon), EOWNERDEAD);
  must0(pthread_mutex_consistent(robust));
  must0(pthread_mutex_unlock(robust));
}

/* The kernel writes the CPU number into each thread's rseq area; an area it has forgotten goes
 * stale. */
static int workers_done;

static const volatile struct rseq *own_rseq(void) {
  return (const struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
}

static void pin_to(unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  must(sched_setaffinity(0, sizeof set, &set));
}

static void verify_rseq(void) {
  long cpus = sysconf(_SC_NPROCESSORS_ONLN);
  for (unsigned cpu = 0; cpu < (unsigned)cpus; cpu++) {
    pin_to(cpu);
    unsigned real;
    must(getcpu(&real, NULL));
    expect_eq(own_rseq()->cpu_id, real);
  }
}

static void *use_rseq(void *argument) {
  for (;; sleep_ms(10)) {
    verify_rseq();
    __sync_fetch_and_add(&workers_done, 1);
  }
  return NULL;
}

static void setup_rseq(int argc, char **argv) {
  if (__rseq_size == 0)
    skip("the C library has no rseq");
  for (int i = 0; i < 2; i++) {
    pthread_t thread;
    must0(pthread_create(&thread, NULL, use_rseq, NULL));
  }
}

static void check_rseq(void) {
  verify_rseq();
  int before = workers_done;
  for (long end = now_ms() + 5000; *(volatile int *)&workers_done == before; sleep_ms(1))
    expect(now_ms() < end);
}

const struct workload thread_workloads[] = {
    {"threads", "eight threads in turn, with names, ids and locals", setup_threads, check_threads,
     NULL},
    {"thread-storm", "threads born and gone all the time", setup_thread_storm, check_thread_storm,
     NULL},
    {"futex", "a process that sleeps on a shared futex", setup_futex, check_futex, NULL},
    {"robust-mutex", "a robust mutex whose holder dies after the move", setup_robust, check_robust,
     finish_robust},
    {"rseq", "restartable sequences in several threads", setup_rseq, check_rseq, NULL},
    {0},
};
