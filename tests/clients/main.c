/* client PROTOCOL HOST PORT [RATE [CONNECTIONS]]: RATE messages a second on each connection until
 * told to stop.
 *
 * stdin    `mark`: prints the figures since the last mark; `stop` or end of file: the end
 * stdout   `ready` when connected, then one JSON object a line; the last is the sum of all
 * exit     0 if no connection broke and nothing acknowledged was lost
 */
#include "client.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_CONNECTIONS = 64, DEFAULT_RATE = 500 };

static const struct protocol *const protocols[] = {&redis_protocol, &http_protocol, &sum_protocol};

/* One connection and its figures. The figures are the owner thread's; others read them under the
 * lock. */
struct lane {
  struct connection connection;
  pthread_t thread;
  pthread_mutex_t lock;
  uint64_t acked;
  int64_t last_ack; /* us; the start, before the first */
  int64_t pause;    /* us, the longest silence between two acknowledgements since the last mark */
  int64_t longest_pause; /* us, of all */
};

static const struct protocol *protocol;
static long rate;
static int lanes_used;
static struct lane lanes[MAX_CONNECTIONS];
static volatile bool stopping;

static int64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static void sleep_until(int64_t us) {
  const struct timespec at = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
    ;
}

static void note_silence(struct lane *lane, int64_t until) {
  int64_t silence = until - lane->last_ack;
  if (silence > lane->pause)
    lane->pause = silence;
  if (silence > lane->longest_pause)
    lane->longest_pause = silence;
}

static void *drive(void *argument) {
  struct lane *lane = argument;
  int64_t due = now_us();
  for (uint64_t n = 1; !stopping; n++) {
    /* after a pause the missed messages are not made up for: the rate is steady, not the total */
    int64_t now = now_us();
    due = due + 1000000 / rate > now ? due + 1000000 / rate : now;
    sleep_until(due);
    bool acknowledged = protocol->exchange(&lane->connection, n);
    pthread_mutex_lock(&lane->lock);
    int64_t at = now_us();
    note_silence(lane, at);
    if (acknowledged) {
      lane->last_ack = at;
      lane->acked = n;
    }
    pthread_mutex_unlock(&lane->lock);
    if (!acknowledged)
      break;
  }
  return NULL;
}

static uint64_t total_acked(void) {
  uint64_t total = 0;
  for (int i = 0; i < lanes_used; i++)
    total += lanes[i].acked;
  return total;
}

/* A silence that lasts when the mark is set counts too, up to now. */
static void mark(void) {
  static uint64_t acked_before;
  int64_t pause = 0;
  for (int i = 0; i < lanes_used; i++) {
    struct lane *lane = &lanes[i];
    pthread_mutex_lock(&lane->lock);
    note_silence(lane, now_us());
    if (lane->pause > pause)
      pause = lane->pause;
    lane->pause = 0;
    pthread_mutex_unlock(&lane->lock);
  }
  uint64_t acked = total_acked();
  printf("{\"acked\": %" PRIu64 ", \"pause_ms\": %.1f}\n", acked - acked_before,
         (double)pause / 1000);
  acked_before = acked;
}

static uint64_t count_lost(struct lane *lane, const char *host, const char *port) {
  if (!protocol->still_there)
    return 0;
  /* over the same connection; only where that broke over a new one, so that the loss is known all
   * the same */
  if (lane->connection.trouble && !connection_open(&lane->connection, host, port))
    return lane->acked;
  uint64_t lost = 0;
  for (uint64_t n = 1; n <= lane->acked; n++)
    lost += !protocol->still_there(&lane->connection, n);
  return lost;
}

static int finish(const char *host, const char *port) {
  uint64_t lost = 0;
  int broken = 0;
  int64_t pause = 0;
  const char *why = "";
  stopping = true;
  for (int i = 0; i < lanes_used; i++) {
    struct lane *lane = &lanes[i];
    pthread_join(lane->thread, NULL);
    if (lane->connection.trouble) {
      broken++;
      why = lane->connection.trouble;
    }
    lost += count_lost(lane, host, port);
    if (lane->longest_pause > pause)
      pause = lane->longest_pause;
  }
  printf("{\"connections\": %d, \"broken\": %d, \"trouble\": \"%s\", \"acked\": %" PRIu64
         ", \"lost\": %" PRIu64 ", \"pause_ms\": %.1f}\n",
         lanes_used, broken, why, total_acked(), lost, (double)pause / 1000);
  return broken || lost || total_acked() == 0;
}

static int usage(void) {
  fprintf(stderr, "usage: client PROTOCOL HOST PORT [RATE [CONNECTIONS]]\n");
  for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
    fprintf(stderr, "  %-6s %s\n", protocols[i]->name, protocols[i]->about);
  return 2;
}

int main(int argc, char **argv) {
  for (size_t i = 0; argc >= 4 && i < sizeof protocols / sizeof *protocols; i++)
    if (strcmp(protocols[i]->name, argv[1]) == 0)
      protocol = protocols[i];
  rate = argc > 4 ? atol(argv[4]) : DEFAULT_RATE;
  lanes_used = argc > 5 ? atoi(argv[5]) : 1;
  if (!protocol || rate <= 0 || lanes_used <= 0 || lanes_used > MAX_CONNECTIONS)
    return usage();
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (int i = 0; i < lanes_used; i++) {
    lanes[i].connection.number = (uint64_t)i;
    if (!connection_open(&lanes[i].connection, argv[2], argv[3])) {
      fprintf(stderr, "client: %s port %s: %s\n", argv[2], argv[3], lanes[i].connection.trouble);
      return 1;
    }
  }
  for (int i = 0; i < lanes_used; i++) {
    lanes[i].last_ack = now_us();
    pthread_mutex_init(&lanes[i].lock, NULL);
    if (pthread_create(&lanes[i].thread, NULL, drive, &lanes[i]) != 0)
      return 1;
  }
  puts("ready");
  for (char line[64]; fgets(line, sizeof line, stdin) && strcmp(line, "stop\n") != 0;)
    if (strcmp(line, "mark\n") == 0)
      mark();
  return finish(argv[2], argv[3]);
}
