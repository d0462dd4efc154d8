/* A client that stays connected: it exchanges one message at a time at a steady rate, knows which
 * of them the server has acknowledged, how long the longest silence was, and whether the connection
 * ever broke. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINE = 4096 };

/* One TCP connection, with what was read and not yet used. */
struct connection {
  int fd;
  char buffer[65536];
  size_t start, end;
  const char *trouble; /* why the connection is of no use any more; NULL while it is */
  uint64_t number;     /* which of the connections this is, from 0 */
  uint64_t sum;        /* for protocols that keep one */
};

struct protocol {
  const char *name;
  const char *about;
  /* One message and its answer, `n` counts from 1. False with c->trouble set if it was not
   * acknowledged. */
  bool (*exchange)(struct connection *c, uint64_t n);
  /* Afterwards: whether message n, which was acknowledged, still has its effect. NULL: nothing to
   * ask. */
  bool (*still_there)(struct connection *c, uint64_t n);
};

extern const struct protocol redis_protocol, http_protocol, sum_protocol;

bool connection_open(struct connection *c, const char *host, const char *port);
bool connection_send(struct connection *c, const void *bytes, size_t length);
/* A line without its end, or NULL with c->trouble set. Valid until the next read. */
char *connection_line(struct connection *c);
/* Exactly `length` bytes. */
bool connection_read(struct connection *c, char *bytes, size_t length);
/* Sets c->trouble; returns false for `return trouble(...)`. */
bool trouble(struct connection *c, const char *what);
