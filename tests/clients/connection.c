/* A TCP connection read by lines. No reconnecting anywhere: a connection that breaks stays broken.
 */
#include "client.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE_S = 60 };

bool trouble(struct connection *c, const char *what) {
  c->trouble = what;
  return false;
}

bool connection_open(struct connection *c, const char *host, const char *port) {
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                 .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
  struct addrinfo *address;
  if (getaddrinfo(host, port, &hints, &address) != 0)
    return trouble(c, "not an address");
  c->fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool connected = c->fd >= 0 && connect(c->fd, address->ai_addr, address->ai_addrlen) == 0;
  freeaddrinfo(address);
  if (!connected)
    return trouble(c, strerror(errno));
  const struct timeval patience = {.tv_sec = PATIENCE_S};
  setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  c->start = c->end = 0;
  c->trouble = NULL;
  return true;
}

bool connection_send(struct connection *c, const void *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t n = send(c->fd, (const char *)bytes + done, length - done, MSG_NOSIGNAL);
    if (n < 0)
      return trouble(c, strerror(errno));
    done += (size_t)n;
  }
  return true;
}

static bool fill(struct connection *c) {
  memmove(c->buffer, c->buffer + c->start, c->end - c->start);
  c->end -= c->start;
  c->start = 0;
  if (c->end == sizeof c->buffer)
    return trouble(c, "a line without end");
  ssize_t n = recv(c->fd, c->buffer + c->end, sizeof c->buffer - c->end, 0);
  if (n == 0)
    return trouble(c, "closed by the server");
  if (n < 0)
    return trouble(c, errno == EAGAIN ? "no answer for a minute" : strerror(errno));
  c->end += (size_t)n;
  return true;
}

char *connection_line(struct connection *c) {
  for (;;) {
    char *line = c->buffer + c->start;
    char *end = memchr(line, '\n', c->end - c->start);
    if (end) {
      c->start = (size_t)(end + 1 - c->buffer);
      if (end > line && end[-1] == '\r')
        end--;
      *end = 0;
      return line;
    }
    if (!fill(c))
      return NULL;
  }
}

bool connection_read(struct connection *c, char *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    if (c->start == c->end && !fill(c))
      return false;
    size_t n = c->end - c->start < length - done ? c->end - c->start : length - done;
    memcpy(bytes + done, c->buffer + c->start, n);
    c->start += n;
    done += n;
  }
  return true;
}
