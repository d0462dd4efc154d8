/* Lines from a descriptor, with a cap, and without reading ahead into anything that poll() would then miss. */
#pragma once

#include "util.h"

struct lines {
  int fd;
  size_t cap; /* longest line accepted, in bytes without the newline */
  char *buffer;
  size_t start, end, size;
};

/* The next line without its newline, valid until the next call. 1; 0 at the end of input (an unfinished line counts as
 * such); -1 with errno, EMSGSIZE for a line over the cap. An embedded NUL gives EILSEQ. */
int lines_next(struct lines *lines, char **line);

/* Whether a whole line is here already: poll() would not tell. */
bool lines_buffered(const struct lines *lines);

void lines_free(struct lines *lines);
