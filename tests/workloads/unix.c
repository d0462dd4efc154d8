/* Unix sockets of every type, with messages, connections and descriptors in flight. */
#include "workload.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
enum { TYPES = 3, WAITING = 3000 };

static int pairs[TYPES][2];
static uint64_t sent[TYPES], received[TYPES];

static void put(int t, int from, size_t length) {
  char buffer[WAITING];
  pattern_fill(buffer, length, (uint32_t)t, sent[t]);
  expect_eq(send(pairs[t][from], buffer, length, 0), length);
  sent[t] += length;
}

static void take(int t, int at, size_t length) {
  char buffer[WAITING];
  expect_eq(recv(pairs[t][at], buffer, length, MSG_WAITALL), length);
  pattern_check("unix socket", buffer, length, (uint32_t)t, received[t]);
  received[t] += length;
}

static void setup_pairs(int argc, char **argv) {
  for (int t = 0; t < TYPES; t++) {
    must(socketpair(AF_UNIX, types[t], 0, pairs[t]));
    for (int i = 0; i < 10; i++)
      put(t, 0, 300);
  }
}

static void check_pairs(void) {
  for (int t = 0; t < TYPES; t++) {
    take(t, 1, 300);
    put(t, 0, 300);
    char byte = 'b';
    expect_eq(send(pairs[t][1], &byte, 1, 0), 1);
    expect_eq(recv(pairs[t][0], &byte, 1, 0), 1);
  }
}

static void finish_pairs(void) {
  for (int t = 0; t < TYPES; t++)
    for (int i = 0; i < 10; i++)
      take(t, 1, 300);
  must(shutdown(pairs[0][0], SHUT_WR));
  char byte;
  expect_eq(recv(pairs[0][1], &byte, 1, 0), 0);
}

static struct sockaddr_un address;
static socklen_t address_length;
static int listener, client, server;

static void listen_at(const char *path, bool abstract) {
  address.sun_family = AF_UNIX;
  strncpy(address.sun_path + abstract, path, sizeof address.sun_path - 2);
  address_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + abstract + strlen(path));
  listener = (int)must(socket(AF_UNIX, SOCK_STREAM, 0));
  must(bind(listener, (struct sockaddr *)&address, address_length));
  must(listen(listener, 8));
}

static int connect_once(int *accepted) {
  int fd = (int)must(socket(AF_UNIX, SOCK_STREAM, 0));
  must(connect(fd, (struct sockaddr *)&address, address_length));
  *accepted = (int)must(accept(listener, NULL, NULL));
  return fd;
}

static void setup_named(int argc, char **argv) {
  listen_at(scratch("socket"), false);
  client = connect_once(&server);
  write_all(client, "waiting", 7);
}

static void setup_abstract(int argc, char **argv) {
  listen_at("podkit-workload", true);
  client = connect_once(&server);
  write_all(client, "waiting", 7);
}

/* The old connection still carries, its peer's credentials are known, and the listener takes new
 * ones. */
static void check_listener(void) {
  char buffer[16];
  read_all(server, buffer, 7);
  expect(memcmp(buffer, "waiting", 7) == 0);
  write_all(client, "waiting", 7);
  struct ucred peer;
  socklen_t length = sizeof peer;
  must(getsockopt(server, SOL_SOCKET, SO_PEERCRED, &peer, &length));
  expect_eq(peer.pid, getpid());
  int other_end, fd = connect_once(&other_end);
  must(close(fd));
  must(close(other_end));
}

static void check_named(void) {
  struct stat info;
  must(stat(address.sun_path, &info));
  expect(S_ISSOCK(info.st_mode));
  check_listener();
}

static void setup_unlinked(int argc, char **argv) {
  setup_named(argc, argv);
  must(unlink(address.sun_path));
}

static void check_unlinked(void) {
  char byte = 'u';
  write_all(server, &byte, 1);
  read_all(client, &byte, 1);
  expect_eq(byte, 'u');
}

/* A connection nobody has accepted yet. */
static void setup_pending(int argc, char **argv) {
  listen_at(scratch("socket"), false);
  client = (int)must(socket(AF_UNIX, SOCK_STREAM, 0));
  must(connect(client, (struct sockaddr *)&address, address_length));
}

static void finish_pending(void) {
  server = (int)must(accept(listener, NULL, NULL));
  write_all(client, "waiting", 7);
  char buffer[7];
  read_all(server, buffer, 7);
  expect(memcmp(buffer, "waiting", 7) == 0);
}

/* A descriptor that exists only inside a message. */
static int carrier[2], pipe_in;

static void setup_scm(int argc, char **argv) {
  int ends[2];
  must(pipe(ends));
  pipe_in = ends[1];
  must(socketpair(AF_UNIX, SOCK_DGRAM, 0, carrier));
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr aligned;
  } control = {0};
  struct iovec data = {.iov_base = (char[]){'d'}, .iov_len = 1};
  struct msghdr message = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &ends[0], sizeof(int));
  must(sendmsg(carrier[0], &message, 0));
  must(close(ends[0]));
  write_all(pipe_in, "hidden", 6);
}

static void finish_scm(void) {
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr aligned;
  } control;
  char byte, text[6];
  struct iovec data = {.iov_base = &byte, .iov_len = 1};
  struct msghdr message = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  expect_eq(recvmsg(carrier[1], &message, 0), 1);
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  expect(header && header->cmsg_type == SCM_RIGHTS);
  int fd;
  memcpy(&fd, CMSG_DATA(header), sizeof fd);
  read_all(fd, text, sizeof text);
  expect(memcmp(text, "hidden", 6) == 0);
}

const struct workload unix_workloads[] = {
    {"unix-pairs", "socket pairs of three types with messages waiting", setup_pairs, check_pairs,
     finish_pairs},
    {"unix-named", "a listener in the file system and its connection", setup_named, check_named,
     NULL},
    {"unix-abstract", "a listener with an abstract name and its connection", setup_abstract,
     check_listener, NULL},
    {"unix-unlinked", "a connection whose listener lost its name", setup_unlinked, check_unlinked,
     NULL},
    {"unix-pending", "a connection that is not accepted yet", setup_pending, NULL, finish_pending},
    {"unix-rights", "a descriptor in flight (SCM_RIGHTS)", setup_scm, NULL, finish_scm},
    {0},
};
