/* One request to a CRIU worker, for the shell tests: criurpc TYPE FIELD... -- COMMAND with @FD@ for the worker's
 * socket. A FIELD of criu_opts is NUMBER=INTEGER or NUMBER:TEXT. Answers every notification with success. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUEST_TYPE = 1, REQUEST_OPTS = 2, REQUEST_NOTIFY_SUCCESS = 3, NOTIFY = 6 };

struct bytes {
  unsigned char data[65536];
  size_t length;
};

static void put_varint(struct bytes *to, uint64_t value) {
  for (; value > 0x7f; value >>= 7)
    to->data[to->length++] = (unsigned char)(value | 0x80);
  to->data[to->length++] = (unsigned char)value;
}

static void put_number(struct bytes *to, unsigned field, int64_t value) {
  put_varint(to, field << 3);
  put_varint(to, (uint64_t)value);
}

static void put_bytes(struct bytes *to, unsigned field, const void *data, size_t length) {
  put_varint(to, field << 3 | 2);
  put_varint(to, length);
  memcpy(to->data + to->length, data, length);
  to->length += length;
}

static void put_field(struct bytes *opts, const char *text) {
  char *rest;
  unsigned field = (unsigned)strtoul(text, &rest, 10);
  if (*rest == '=')
    put_number(opts, field, strtoll(rest + 1, NULL, 10));
  else
    put_bytes(opts, field, rest + 1, strlen(rest + 1));
}

static uint64_t get_varint(const unsigned char **at) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    value |= (uint64_t)(**at & 0x7f) << shift;
    if (!(*(*at)++ & 0x80)) return value;
  }
}

/* Prints the response; its type is returned. */
static int show(const unsigned char *at, const unsigned char *end) {
  int type = 0;
  while (at < end) {
    uint64_t key = get_varint(&at), value = get_varint(&at);
    if (key == (1 << 3)) type = (int)value;
    if (type != NOTIFY && (key & 7) == 0) printf("field %u = %lld\n", (unsigned)(key >> 3), (long long)value);
    if ((key & 7) != 2) continue;
    if (key >> 3 == 9) printf("error %.*s\n", (int)value, (const char *)at);
    if (key >> 3 == 4) {
      const unsigned char *pid = at + 1;
      printf("pid %llu\n", (unsigned long long)get_varint(&pid));
    }
    at += value;
  }
  return type;
}

static pid_t start(char **command, int fd, int other) {
  char number[16];
  snprintf(number, sizeof number, "%d", fd);
  for (char **arg = command; *arg != NULL; arg++)
    if (strcmp(*arg, "@FD@") == 0) *arg = number;
  pid_t pid = fork();
  if (pid == 0) {
    close(other);
    execvp(*command, command);
    perror(*command);
    _exit(127);
  }
  return pid;
}

int main(int argc, char **argv) {
  static struct bytes opts, request, answer;
  int ends[2], at = 2;
  for (; at < argc && strcmp(argv[at], "--") != 0; at++)
    put_field(&opts, argv[at]);
  if (at + 1 >= argc || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0) return 98;
  pid_t child = start(argv + at + 1, ends[1], ends[0]);
  close(ends[1]);
  put_number(&request, REQUEST_TYPE, atoi(argv[1]));
  put_bytes(&request, REQUEST_OPTS, opts.data, opts.length);
  int type = NOTIFY;
  while (type == NOTIFY) {
    if (send(ends[0], request.data, request.length, MSG_NOSIGNAL) < 0) return perror("send"), 1;
    ssize_t got = recv(ends[0], answer.data, sizeof answer.data, 0);
    if (got <= 0) return puts("no answer"), 1;
    type = show(answer.data, answer.data + got);
    request.length = 0;
    put_number(&request, REQUEST_TYPE, NOTIFY);
    put_number(&request, REQUEST_NOTIFY_SUCCESS, 1);
  }
  close(ends[0]);
  waitpid(child, NULL, 0);
  return 0;
}
