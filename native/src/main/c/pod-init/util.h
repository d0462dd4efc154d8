/* Small things every file needs: scope-bound clean-up, allocation that cannot fail, complete writes, dying with a
 * reason. */
#pragma once

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

static inline void util_free(void *slot) {
  free(*(void **)slot);
}

/* Keeps errno, so that a failure can be reported after its scope has been left. */
static inline void util_close(int *fd) {
  int saved = errno;
  if (*fd >= 0) close(*fd);
  *fd = -1;
  errno = saved;
}

#define cleanup_free __attribute__((cleanup(util_free)))
#define cleanup_fd __attribute__((cleanup(util_close)))

/* Hands the descriptor over to the caller: the scope it came from closes nothing any more. */
static inline int steal_fd(int *fd) {
  int stolen = *fd;
  *fd = -1;
  return stolen;
}

static inline void *steal_pointer(void *slot) {
  void *stolen = *(void **)slot;
  *(void **)slot = NULL;
  return stolen;
}

/* A growing NULL-terminated list of strings it owns. */
struct strv {
  char **items;
  size_t count;
};

void strv_push(struct strv *list, char *owned);
void strv_free(struct strv *list);

void *xrealloc(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
char *xasprintf(const char *format, ...) PRINTF_LIKE(1, 2);

/* Both print "pod-init: text" to stderr and exit 1; die_errno adds the errno it was entered with. */
_Noreturn void die(const char *format, ...) PRINTF_LIKE(1, 2);
_Noreturn void die_errno(const char *format, ...) PRINTF_LIKE(1, 2);

/* 0, or -1 with errno; never a partial write. */
int write_all(int fd, const void *data, size_t size);

/* Decimal (or, with base 16, hexadecimal) digits only, no sign, no blanks, at most max. */
bool parse_number(const char *text, int base, uint64_t max, uint64_t *value);

/* Points 0, 1 and 2 at /dev/null of the current root. 0, or -1 with errno. */
int stdio_to_null(void);

/* Default disposition for every signal and an empty mask: what a process should be born with. */
void reset_signals(void);
