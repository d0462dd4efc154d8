/* Timers of every kind go on ticking, at their interval; clocks never run backwards. */
#include "workload.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL_MS = 300, PATIENCE = 40 /* checks without a tick: 4 s */ };

static volatile sig_atomic_t ticks;
static sig_atomic_t seen;
static int checks_without;

static void count(int number) {
  ticks++;
}

static void handle(int number) {
  const struct sigaction action = {.sa_handler = count, .sa_flags = SA_RESTART};
  must(sigaction(number, &action, NULL));
}

static void expect_ticking(void) {
  checks_without = ticks == seen ? checks_without + 1 : 0;
  seen = ticks;
  if (checks_without > PATIENCE)
    fail("the timer has stopped after %d ticks", (int)seen);
}

static const struct itimerval every = {.it_interval.tv_usec = INTERVAL_MS * 1000,
                                       .it_value.tv_usec = INTERVAL_MS * 1000};

static void expect_interval(int which) {
  struct itimerval found;
  must(getitimer(which, &found));
  expect_eq(found.it_interval.tv_sec, 0);
  /* the CPU clocks count in jiffies and round up */
  expect(found.it_interval.tv_usec >= INTERVAL_MS * 1000 &&
         found.it_interval.tv_usec < INTERVAL_MS * 1000 + 20000);
}

static void setup_itimer(int argc, char **argv) {
  handle(SIGALRM);
  must(setitimer(ITIMER_REAL, &every, NULL));
  handle(SIGVTALRM);
  must(setitimer(ITIMER_VIRTUAL, &every, NULL));
  handle(SIGPROF);
  must(setitimer(ITIMER_PROF, &every, NULL));
}

static void check_itimer(void) {
  expect_interval(ITIMER_REAL);
  expect_interval(ITIMER_VIRTUAL);
  expect_interval(ITIMER_PROF);
  expect_ticking();
}

static timer_t timers[3];
static const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME};

static void setup_posix(int argc, char **argv) {
  handle(SIGRTMIN + 3);
  const struct itimerspec spec = {.it_interval.tv_nsec = INTERVAL_MS * 1000000L,
                                  .it_value.tv_nsec = INTERVAL_MS * 1000000L};
  for (int i = 0; i < 3; i++) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3};
    must(timer_create(clocks[i], &event, &timers[i]));
    must(timer_settime(timers[i], 0, &spec, NULL));
  }
}

static void check_posix(void) {
  for (int i = 0; i < 3; i++) {
    struct itimerspec found;
    must(timer_gettime(timers[i], &found));
    expect_eq(found.it_interval.tv_nsec, INTERVAL_MS * 1000000L);
    expect(found.it_value.tv_nsec > 0);
  }
  expect_ticking();
}

static int periodic, alarm_clock;
static long alarm_due; /* ms of CLOCK_REALTIME */
enum { ALARM_S = 3600, MAX_STANDSTILL_MS = 60000 };

static void setup_timerfd(int argc, char **argv) {
  const struct itimerspec spec = {.it_interval.tv_nsec = INTERVAL_MS * 1000000L,
                                  .it_value.tv_nsec = INTERVAL_MS * 1000000L};
  periodic = (int)must(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
  must(timerfd_settime(periodic, 0, &spec, NULL));
  struct timespec now;
  must(clock_gettime(CLOCK_REALTIME, &now));
  alarm_due = now.tv_sec + ALARM_S;
  const struct itimerspec at = {.it_value.tv_sec = alarm_due};
  alarm_clock = (int)must(timerfd_create(CLOCK_REALTIME, 0));
  must(timerfd_settime(alarm_clock, TFD_TIMER_ABSTIME, &at, NULL));
}

static void check_timerfd(void) {
  uint64_t expired;
  ssize_t n = read(periodic, &expired, sizeof expired);
  expect(n == sizeof expired || (n < 0 && errno == EAGAIN));
  if (n > 0)
    ticks += (sig_atomic_t)expired;
  expect_ticking();
  struct itimerspec left;
  struct timespec now;
  must(timerfd_gettime(alarm_clock, &left));
  must(clock_gettime(CLOCK_REALTIME, &now));
  long off_ms = (alarm_due - now.tv_sec - left.it_value.tv_sec) * 1000 -
                (now.tv_nsec + left.it_value.tv_nsec) / 1000000;
  /* CRIU sets it anew from whole seconds: late by the time the pod stood still, early by less than
   * a second */
  if (off_ms < -MAX_STANDSTILL_MS || off_ms >= 1000)
    fail("the absolute timer is off by %ld ms", off_ms);
}

/* Someone asleep in the kernel wakes when it is time. A move may interrupt the sleep once, as a
 * signal would; then what is left is known. */
static long *wakes;
static pid_t sleeper;

static void sleep_in_turns(void *argument) {
  for (;;) {
    const long started = now_ms();
    struct timespec left = {.tv_nsec = INTERVAL_MS * 1000000L};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
      expect(left.tv_sec == 0 && left.tv_nsec > 0 && left.tv_nsec <= INTERVAL_MS * 1000000L);
    expect(now_ms() - started >= INTERVAL_MS - 1);
    ++*wakes;
  }
}

static void setup_sleep(int argc, char **argv) {
  wakes = shared_memory(sizeof *wakes);
  sleeper = spawn(sleep_in_turns, NULL);
}

static void check_sleep(void) {
  expect_alive(sleeper);
  ticks = (sig_atomic_t)*wakes;
  expect_ticking();
}

static const clockid_t steady[] = {CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_MONOTONIC_RAW,
                                   CLOCK_MONOTONIC_COARSE};
static struct timespec last[4];
enum { MAX_JUMP_S = 120 };

static void check_clocks(void) {
  for (int i = 0; i < 4; i++) {
    struct timespec now;
    must(clock_gettime(steady[i], &now));
    long gained = now.tv_sec - last[i].tv_sec;
    if (last[i].tv_sec > 0)
      expect(gained >= 0 && (gained > 0 || now.tv_nsec >= last[i].tv_nsec) && gained < MAX_JUMP_S);
    last[i] = now;
  }
}

static void setup_clocks(int argc, char **argv) {
  check_clocks();
}

const struct workload timer_workloads[] = {
    {"itimer", "setitimer in real, virtual and profiling time", setup_itimer, check_itimer, NULL},
    {"posix-timer", "timer_create on three clocks", setup_posix, check_posix, NULL},
    {"timerfd", "a periodic and an absolute timerfd", setup_timerfd, check_timerfd, NULL},
    {"nanosleep", "a process asleep until a time", setup_sleep, check_sleep, NULL},
    {"clocks", "clocks that must not run backwards", setup_clocks, check_clocks, NULL},
    {0},
};
