/* holder MIB [HOT_MIB WRITES]: holds that much memory that no compression makes small, rewrites
 * WRITES whole pages a second, at random among the first HOT_MIB, and serves lines on port 7070, to
 * many connections at once:
 *
 *   a number   the sum of all numbers that came over this connection (the `sum` client's protocol)
 *   gap        the longest time, in us, that this program did not run since the last `gap`
 *   writes     how many pages it has rewritten since it began
 *   check      `intact` if the memory still holds what was put there, else `changed`
 *
 * It wakes at least once a millisecond, so its longest gap is the time it was frozen. The gap is
 * taken from the real-time clock: the others are turned back when a pod is restored. */
#include "../workloads/pages.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 7070, MAX_CONNECTIONS = 8, WAKE_MS = 1, BEHIND_US = 20000 };

struct guest {
  uint64_t sum;
  size_t used;
  char line[64];
};

static uint8_t *memory;
static struct book book;
static size_t hot_pages;
static uint64_t writes;
static int64_t writes_per_s, next_write; /* us */
static int64_t last_seen, longest_gap;   /* us */
/* [0] is the listener; guests[i] belongs to sockets[i] */
static struct pollfd sockets[1 + MAX_CONNECTIONS];
static struct guest guests[1 + MAX_CONNECTIONS];
static nfds_t used = 1;

static _Noreturn void die(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static void note_gap(void) {
  int64_t now = now_us();
  if (now - last_seen > longest_gap)
    longest_gap = now - last_seen;
  last_seen = now;
}

static void fill(size_t pages) {
  memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    die("mmap");
  book_open(&book, pages, (struct entry){.generation = 1});
  for (size_t i = 0; i < pages; i++)
    page_write(memory + i * PAGE, 1, i, 1);
}

/* What was missed while it did not run is not made up for. */
static void rewrite(void) {
  static uint64_t random = 88172645463325252u;
  if (next_write < last_seen - BEHIND_US)
    next_write = last_seen - BEHIND_US;
  for (; writes_per_s > 0 && next_write < last_seen; next_write += 1000000 / writes_per_s) {
    size_t i = (next_random(&random) >> 16) % hot_pages;
    struct entry entry = book_get(&book, i);
    entry.generation++;
    writes++;
    page_write(memory + i * PAGE, 1, i, entry.generation);
    book_set(&book, i, entry);
  }
}

static bool intact(void) {
  book_check(&book);
  for (size_t i = 0; i < book.length; i++) {
    const char *found = page_judge(memory + i * PAGE, 1, i, book_get(&book, i).generation);
    if (found) {
      printf("page %zu of generation %u is %s\n", i, book_get(&book, i).generation, found);
      fflush(stdout);
      return false;
    }
  }
  return true;
}

static void answer(int fd, struct guest *guest) {
  char text[32];
  if (strcmp(guest->line, "gap") == 0) {
    snprintf(text, sizeof text, "%" PRId64 "\n", longest_gap);
    longest_gap = 0;
  } else if (strcmp(guest->line, "writes") == 0) {
    snprintf(text, sizeof text, "%" PRIu64 "\n", writes);
  } else if (strcmp(guest->line, "check") == 0) {
    snprintf(text, sizeof text, "%s\n", intact() ? "intact" : "changed");
    last_seen = now_us(); /* that took long, but it ran */
  } else {
    guest->sum += strtoull(guest->line, NULL, 10);
    snprintf(text, sizeof text, "%" PRIu64 "\n", guest->sum);
  }
  send(fd, text, strlen(text), MSG_NOSIGNAL); /* a guest that has gone is seen by the next recv */
}

/* False when the guest has gone or sends a line that is too long. */
static bool serve(int fd, struct guest *guest) {
  ssize_t n = recv(fd, guest->line + guest->used, sizeof guest->line - guest->used, 0);
  if (n <= 0)
    return false;
  guest->used += (size_t)n;
  for (char *end; (end = memchr(guest->line, '\n', guest->used)) != NULL;) {
    *end = 0;
    answer(fd, guest);
    guest->used -= (size_t)(end + 1 - guest->line);
    memmove(guest->line, end + 1, guest->used);
  }
  return guest->used < sizeof guest->line;
}

static void admit(void) {
  int fd = accept4(sockets[0].fd, NULL, NULL, SOCK_CLOEXEC);
  if (fd < 0)
    return;
  if (used == 1 + MAX_CONNECTIONS) {
    close(fd);
    return;
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  sockets[used] = (struct pollfd){.fd = fd, .events = POLLIN};
  guests[used++] = (struct guest){0};
}

static void dismiss(nfds_t i) { /* the last one takes its place */
  close(sockets[i].fd);
  used--;
  sockets[i] = sockets[used];
  guests[i] = guests[used];
}

static void listen_on(uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
      listen(fd, MAX_CONNECTIONS) != 0)
    die("listen");
  sockets[0] = (struct pollfd){.fd = fd, .events = POLLIN};
}

int main(int argc, char **argv) {
  long mib = argc == 2 || argc == 4 ? atol(argv[1]) : 0;
  long hot_mib = argc == 4 ? atol(argv[2]) : 0;
  writes_per_s = argc == 4 ? atol(argv[3]) : 0;
  if (mib <= 0 || hot_mib < 0 || hot_mib > mib || writes_per_s < 0 ||
      (writes_per_s > 0 && hot_mib == 0)) {
    fprintf(stderr, "usage: holder MIB [HOT_MIB WRITES]\n");
    return 2;
  }
  hot_pages = (size_t)hot_mib << 8;
  fill((size_t)mib << 8);
  listen_on(PORT);
  last_seen = now_us();
  for (;;) {
    if (poll(sockets, used, WAKE_MS) < 0)
      continue; /* interrupted */
    note_gap();
    rewrite();
    for (nfds_t i = used - 1; i > 0; i--)
      if (sockets[i].revents && !serve(sockets[i].fd, &guests[i]))
        dismiss(i);
    if (sockets[0].revents)
      admit();
  }
}
