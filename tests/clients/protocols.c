/* What is said over the connection. */
#include "client.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Redis: SET key:<connection>:<n> <n>; afterwards every acknowledged key must be there. */

static bool redis_set(struct connection *c, uint64_t n) {
  char command[LINE], key[64], value[32];
  int key_length = snprintf(key, sizeof key, "key:%" PRIu64 ":%" PRIu64, c->number, n);
  int value_length = snprintf(value, sizeof value, "%" PRIu64, n);
  int length = snprintf(command, sizeof command, "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n",
                        key_length, key, value_length, value);
  if (!connection_send(c, command, (size_t)length))
    return false;
  const char *answer = connection_line(c);
  if (!answer)
    return false;
  return strcmp(answer, "+OK") == 0 || trouble(c, "a write was refused");
}

static bool redis_get(struct connection *c, uint64_t n) {
  char command[LINE], key[64], value[32];
  int key_length = snprintf(key, sizeof key, "key:%" PRIu64 ":%" PRIu64, c->number, n);
  int length =
      snprintf(command, sizeof command, "*2\r\n$3\r\nGET\r\n$%d\r\n%s\r\n", key_length, key);
  if (!connection_send(c, command, (size_t)length))
    return false;
  const char *size = connection_line(c);
  if (!size || *size != '$' || size[1] == '-')
    return false;
  const char *found = connection_line(c);
  snprintf(value, sizeof value, "%" PRIu64, n);
  return found && strcmp(found, value) == 0;
}

const struct protocol redis_protocol = {"redis", "writes keys to Redis, reads them back at the end",
                                        redis_set, redis_get};

/* HTTP: GET /file over a connection kept alive; every answer must be the first one again. */

static long content_length(struct connection *c) {
  long length = -1;
  for (;;) {
    const char *line = connection_line(c);
    if (!line)
      return -1;
    if (!*line)
      return length;
    if (strncasecmp(line, "Content-Length:", 15) == 0)
      length = atol(line + 15);
  }
}

static bool http_get(struct connection *c, uint64_t n) {
  static const char request[] = "GET /file HTTP/1.1\r\nHost: pod\r\n\r\n";
  if (!connection_send(c, request, sizeof request - 1))
    return false;
  const char *status = connection_line(c);
  if (!status)
    return false;
  if (strncmp(status, "HTTP/1.1 200 ", 13) != 0)
    return trouble(c, "not answered with 200");
  long length = content_length(c);
  if (length < 0)
    return c->trouble ? false : trouble(c, "an answer without its length");
  uint64_t digest = 14695981039346656037u; /* FNV-1a */
  for (char block[4096]; length > 0;) {
    size_t part = length < (long)sizeof block ? (size_t)length : sizeof block;
    if (!connection_read(c, block, part))
      return false;
    for (size_t i = 0; i < part; i++)
      digest = (digest ^ (uint8_t)block[i]) * 1099511628211u;
    length -= (long)part;
  }
  if (n == 1)
    c->sum = digest;
  return digest == c->sum || trouble(c, "an answer with other bytes than the first");
}

const struct protocol http_protocol = {"http", "asks for /file over a connection kept alive",
                                       http_get, NULL};

/* sum: sends a number as a line, the server answers with the sum of all it had on this connection.
 */

static bool add(struct connection *c, uint64_t n) {
  char line[32];
  int length = snprintf(line, sizeof line, "%" PRIu64 "\n", n);
  c->sum += n;
  if (!connection_send(c, line, (size_t)length))
    return false;
  const char *answer = connection_line(c);
  if (!answer)
    return false;
  return strtoull(answer, NULL, 10) == c->sum || trouble(c, "a wrong sum");
}

const struct protocol sum_protocol = {"sum", "has a server add up numbers, line by line", add,
                                      NULL};
