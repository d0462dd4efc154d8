#include "util.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

void *xrealloc(void *old, size_t count, size_t size) {
  void *grown = reallocarray(old, count, size);
  if (grown == NULL) die("out of memory");
  return grown;
}

char *xstrdup(const char *text) {
  char *copy = strdup(text);
  if (copy == NULL) die("out of memory");
  return copy;
}

char *xasprintf(const char *format, ...) {
  va_list args;
  char *text;
  va_start(args, format);
  int length = vasprintf(&text, format, args);
  va_end(args);
  if (length < 0) die("out of memory");
  return text;
}

void strv_push(struct strv *list, char *owned) {
  list->items = xrealloc(list->items, list->count + 2, sizeof *list->items);
  list->items[list->count++] = owned;
  list->items[list->count] = NULL;
}

void strv_free(struct strv *list) {
  for (size_t i = 0; i < list->count; i++)
    free(list->items[i]);
  free(list->items);
  *list = (struct strv){0};
}

static void complain(const char *format, va_list args, const char *reason) {
  fputs("pod-init: ", stderr);
  vfprintf(stderr, format, args);
  if (reason != NULL) fprintf(stderr, ": %s", reason);
  fputc('\n', stderr);
}

void die(const char *format, ...) {
  va_list args;
  va_start(args, format);
  complain(format, args, NULL);
  va_end(args);
  exit(1);
}

void die_errno(const char *format, ...) {
  const char *reason = strerror(errno);
  va_list args;
  va_start(args, format);
  complain(format, args, reason);
  va_end(args);
  exit(1);
}

int write_all(int fd, const void *data, size_t size) {
  const char *at = data;
  while (size > 0) {
    ssize_t written = TEMP_FAILURE_RETRY(write(fd, at, size));
    if (written < 0) return -1;
    at += written;
    size -= (size_t)written;
  }
  return 0;
}

bool parse_number(const char *text, int base, uint64_t max, uint64_t *value) {
  static const char digits[] = "0123456789abcdef";
  uint64_t sum = 0;
  if (*text == '\0') return false;
  for (; *text != '\0'; text++) {
    char lower = *text >= 'A' && *text <= 'F' ? (char)(*text - 'A' + 'a') : *text;
    const char *digit = memchr(digits, lower, (size_t)base);
    if (digit == NULL) return false;
    if (__builtin_mul_overflow(sum, (uint64_t)base, &sum)) return false;
    if (__builtin_add_overflow(sum, (uint64_t)(digit - digits), &sum)) return false;
  }
  if (sum > max) return false;
  *value = sum;
  return true;
}

int stdio_to_null(void) {
  cleanup_fd int fd = open("/dev/null", O_RDWR);
  if (fd < 0) return -1;
  for (int target = 0; target <= 2; target++)
    if (dup2(fd, target) < 0) return -1;
  if (fd <= 2) steal_fd(&fd);
  return 0;
}

void reset_signals(void) {
  /* A struct of zeros is SIG_DFL. Not by sigaction(): glibc refuses the two signals it keeps for itself, and a caller
   * may have had these ignored as well. */
  const unsigned long normal[8] = {0};
  for (int signal = 1; signal < NSIG; signal++)
    syscall(SYS_rt_sigaction, signal, normal, NULL, NSIG / 8);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}
