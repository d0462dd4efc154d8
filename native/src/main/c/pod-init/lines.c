#include "lines.h"

#include <string.h>

enum { CHUNK = 16 * 1024 };

bool lines_buffered(const struct lines *lines) {
  return lines->end > lines->start && memchr(lines->buffer + lines->start, '\n', lines->end - lines->start) != NULL;
}

/* Makes room behind the unread bytes and reads once. */
static ssize_t fill(struct lines *lines) {
  size_t unread = lines->end - lines->start;
  if (lines->start > 0) memmove(lines->buffer, lines->buffer + lines->start, unread);
  lines->start = 0;
  lines->end = unread;
  if (lines->size - unread < CHUNK) {
    lines->size = unread * 2 + CHUNK;
    lines->buffer = xrealloc(lines->buffer, lines->size, 1);
  }
  ssize_t got = TEMP_FAILURE_RETRY(read(lines->fd, lines->buffer + lines->end, lines->size - lines->end));
  if (got > 0) lines->end += (size_t)got;
  return got;
}

int lines_next(struct lines *lines, char **line) {
  while (!lines_buffered(lines)) {
    if (lines->end - lines->start > lines->cap) {
      errno = EMSGSIZE;
      return -1;
    }
    ssize_t got = fill(lines);
    if (got <= 0) return (int)got;
  }
  char *start = lines->buffer + lines->start;
  size_t length = (size_t)((char *)memchr(start, '\n', lines->end - lines->start) - start);
  lines->start += length + 1;
  if (length > lines->cap || memchr(start, '\0', length) != NULL) {
    errno = length > lines->cap ? EMSGSIZE : EILSEQ;
    return -1;
  }
  start[length] = '\0';
  *line = start;
  return 1;
}

void lines_free(struct lines *lines) {
  free(lines->buffer);
  *lines = (struct lines){.fd = -1};
}
