/* TCP and UDP sockets that a pod holds with itself. */
#include "workload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STEP = 1000, OUTSTANDING = 20 * STEP, SEND_BUFFER = 100 * 1024 };

struct direction {
  int from, to;
  uint32_t seed;
  uint64_t sent, received;
};

static int listener, client, server;
static struct direction up, down;
static union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} address;
static socklen_t address_length;

static void put(struct direction *d) {
  char buffer[STEP];
  pattern_fill(buffer, STEP, d->seed, d->sent);
  write_all(d->from, buffer, STEP);
  d->sent += STEP;
}

static void take(struct direction *d) {
  char buffer[STEP];
  read_all(d->to, buffer, STEP);
  pattern_check("tcp", buffer, STEP, d->seed, d->received);
  d->received += STEP;
}

static void loopback(int family, int port) {
  if (family == AF_INET) {
    address.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address_length = sizeof address.v4;
  } else {
    address.v6 = (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = in6addr_loopback};
    address_length = sizeof address.v6;
  }
}

static void listen_on(int family, int port) {
  loopback(family, port);
  listener = (int)must(socket(family, SOCK_STREAM, 0));
  must(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)));
  if (bind(listener, &address.any, address_length) < 0 && errno == EADDRNOTAVAIL)
    skip("no loopback address of this family");
  must(listen(listener, 16));
}

static int dial(void) {
  int fd = (int)must(socket(address.any.sa_family, SOCK_STREAM, 0));
  must(connect(fd, &address.any, address_length));
  return fd;
}

static void start_tcp(int family, int port) {
  listen_on(family, port);
  client = dial();
  server = (int)must(accept(listener, NULL, NULL));
  must(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)));
  must(setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int)));
  must(setsockopt(client, SOL_SOCKET, SO_SNDBUF, &(int){SEND_BUFFER}, sizeof(int)));
  up = (struct direction){.from = client, .to = server, .seed = 1};
  down = (struct direction){.from = server, .to = client, .seed = 2};
  for (int i = 0; i < OUTSTANDING / STEP; i++) {
    put(&up);
    put(&down);
  }
}

static void setup_tcp(int argc, char **argv) {
  start_tcp(AF_INET, argc > 0 ? atoi(argv[0]) : 7001);
}

static void setup_tcp6(int argc, char **argv) {
  start_tcp(AF_INET6, argc > 0 ? atoi(argv[0]) : 7002);
}

static int option(int fd, int level, int name) {
  int value;
  socklen_t length = sizeof value;
  must(getsockopt(fd, level, name, &value, &length));
  return value;
}

/* Bytes wait in both directions at all times; the options hold; the listener takes new connections.
 */
static void check_tcp(void) {
  take(&up);
  put(&up);
  take(&down);
  put(&down);
  expect_eq(option(client, IPPROTO_TCP, TCP_NODELAY), 1);
  expect_eq(option(client, SOL_SOCKET, SO_KEEPALIVE), 1);
  expect_eq(option(client, SOL_SOCKET, SO_SNDBUF), 2 * SEND_BUFFER);
  int fd = dial(), other = (int)must(accept(listener, NULL, NULL));
  must(close(fd));
  must(close(other));
}

static void finish_tcp(void) {
  while (up.received < up.sent)
    take(&up);
  while (down.received < down.sent)
    take(&down);
  must(close(client));
  char byte;
  expect_eq(read(server, &byte, 1), 0);
}

static void setup_half_closed(int argc, char **argv) {
  start_tcp(AF_INET, argc > 0 ? atoi(argv[0]) : 7003);
  must(shutdown(client, SHUT_WR));
}

static void check_half_closed(void) {
  take(&down);
  put(&down);
}

static void finish_half_closed(void) {
  while (up.received < up.sent)
    take(&up);
  char byte;
  expect_eq(read(server, &byte, 1), 0);
}

/* A connection the kernel has finished and the server has not accepted. */
static void setup_backlog(int argc, char **argv) {
  listen_on(AF_INET, argc > 0 ? atoi(argv[0]) : 7004);
  client = dial();
  write_all(client, "early", 5);
}

static void finish_backlog(void) {
  server = (int)must(accept(listener, NULL, NULL));
  char buffer[5];
  read_all(server, buffer, 5);
  expect(memcmp(buffer, "early", 5) == 0);
}

enum { STORM_CLIENTS = 3 };
static volatile long *answered;
static long answered_before;

/* Any error here is a connection that was refused, reset or lost. */
static void connect_for_ever(void *argument) {
  (void)argument;
  for (char byte = 0;; byte++, __atomic_add_fetch(answered, 1, __ATOMIC_RELAXED)) {
    int fd = dial();
    write_all(fd, &byte, 1);
    char back;
    read_all(fd, &back, 1);
    expect(back == byte);
    /* Without lingering: no port is kept from the next. */
    must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1},
                    sizeof(struct linger)));
    must(close(fd));
  }
}

static void answer_for_ever(void *argument) {
  (void)argument;
  while (true) {
    int fd = (int)must(accept(listener, NULL, NULL));
    char byte;
    read_all(fd, &byte, 1);
    write_all(fd, &byte, 1);
    must(close(fd));
  }
}

/* A server that always has somebody waiting to be accepted. */
static void setup_storm(int argc, char **argv) {
  answered = shared_memory(sizeof *answered);
  listen_on(AF_INET, argc > 0 ? atoi(argv[0]) : 7008);
  spawn(answer_for_ever, NULL);
  for (int i = 0; i < STORM_CLIENTS; i++)
    spawn(connect_for_ever, NULL);
}

static void check_storm(void) {
  for (long end = now_ms() + 10000; *answered == answered_before; sleep_ms(1))
    expect(now_ms() < end);
  answered_before = *answered;
}

static void setup_udp(int argc, char **argv) {
  loopback(AF_INET, argc > 0 ? atoi(argv[0]) : 7005);
  server = (int)must(socket(AF_INET, SOCK_DGRAM, 0));
  must(bind(server, &address.any, address_length));
  client = (int)must(socket(AF_INET, SOCK_DGRAM, 0));
  must(connect(client, &address.any, address_length));
  must(setsockopt(client, SOL_SOCKET, SO_BROADCAST, &(int){1}, sizeof(int)));
}

static void check_udp(void) {
  char out[1200], in[1200];
  pattern_fill(out, sizeof out, 3, 0);
  expect_eq(send(client, out, sizeof out, 0), sizeof out);
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  expect_eq(recvfrom(server, in, sizeof in, 0, (struct sockaddr *)&from, &length), sizeof in);
  pattern_check("udp", in, sizeof in, 3, 0);
  expect_eq(sendto(server, "back", 4, 0, (struct sockaddr *)&from, length), 4);
  expect_eq(recv(client, in, sizeof in, 0), 4);
  expect_eq(option(client, SOL_SOCKET, SO_BROADCAST), 1);
}

static struct sockaddr_in group;

static void setup_multicast(int argc, char **argv) {
  group = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(7006)};
  group.sin_addr.s_addr = inet_addr("239.77.0.1");
  const struct ip_mreqn membership = {.imr_multiaddr = group.sin_addr,
                                      .imr_address.s_addr = htonl(INADDR_LOOPBACK)};
  server = (int)must(socket(AF_INET, SOCK_DGRAM, 0));
  must(bind(server, (struct sockaddr *)&group, sizeof group));
  must(setsockopt(server, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof membership));
  client = (int)must(socket(AF_INET, SOCK_DGRAM, 0));
  must(setsockopt(client, IPPROTO_IP, IP_MULTICAST_IF, &membership, sizeof membership));
  must(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 2},
                  sizeof(struct timeval)));
}

static void check_multicast(void) {
  char buffer[16];
  expect_eq(sendto(client, "all", 3, 0, (struct sockaddr *)&group, sizeof group), 3);
  expect_eq(recv(server, buffer, sizeof buffer, 0), 3);
}

const struct workload inet_workloads[] = {
    {"tcp", "a TCP connection to itself, bytes waiting both ways", setup_tcp, check_tcp,
     finish_tcp},
    {"tcp6", "the same over IPv6", setup_tcp6, check_tcp, finish_tcp},
    {"tcp-half-closed", "a TCP connection of which one direction is shut", setup_half_closed,
     check_half_closed, finish_half_closed},
    {"tcp-backlog", "a TCP connection that is not accepted yet", setup_backlog, NULL,
     finish_backlog, .fate = REFUSED},
    {"tcp-storm", "a listener under a stream of new connections", setup_storm, check_storm, NULL},
    {"udp", "bound and connected UDP sockets", setup_udp, check_udp, NULL},
    {"multicast", "a UDP socket in a multicast group", setup_multicast, check_multicast, NULL,
     .fate = LOST},
    {0},
};
