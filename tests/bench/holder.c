/* holder MIB: holds that much memory that no compression makes small, and serves lines on port
 * 7070, to many connections at once:
 *
 *   a number   the sum of all numbers that came over this connection (the `sum` client's protocol)
 *   gap        the longest time, in us, that this program did not run since the last `gap`
 *   check      `intact` if the memory still holds what was put there, else `changed`
 *
 * It wakes at least once a millisecond, so its longest gap is the time it was frozen. The gap is
 * taken from the real-time clock: the others are turned back when a pod is restored. */
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

enum { PORT = 7070, MAX_CONNECTIONS = 8, WAKE_MS = 1 };

struct guest {
  uint64_t sum;
  size_t used;
  char line[64];
};

static uint64_t *memory;
static size_t words;
static int64_t last_seen, longest_gap; /* us */
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

static uint64_t next_random(uint64_t *state) { /* xorshift64 */
  *state ^= *state << 13;
  *state ^= *state >> 7;
  return *state ^= *state << 17;
}

static void fill(size_t bytes) {
  words = bytes / sizeof *memory;
  memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    die("mmap");
  uint64_t state = words;
  for (size_t i = 0; i < words; i++)
    memory[i] = next_random(&state);
}

static bool intact(void) {
  uint64_t state = words;
  for (size_t i = 0; i < words; i++)
    if (memory[i] != next_random(&state))
      return false;
  return true;
}

static void answer(int fd, struct guest *guest) {
  char text[32];
  if (strcmp(guest->line, "gap") == 0) {
    snprintf(text, sizeof text, "%" PRId64 "\n", longest_gap);
    longest_gap = 0;
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
  long mib = argc == 2 ? atol(argv[1]) : 0;
  if (mib <= 0) {
    fprintf(stderr, "usage: holder MIB\n");
    return 2;
  }
  fill((size_t)mib << 20);
  listen_on(PORT);
  last_seen = now_us();
  for (;;) {
    if (poll(sockets, used, WAKE_MS) < 0)
      continue; /* interrupted */
    note_gap();
    for (nfds_t i = used - 1; i > 0; i--)
      if (sockets[i].revents && !serve(sockets[i].fd, &guests[i]))
        dismiss(i);
    if (sockets[0].revents)
      admit();
  }
}
