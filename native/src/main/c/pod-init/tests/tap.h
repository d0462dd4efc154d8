/* The few lines of TAP that the unit tests need. */
#pragma once

#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

/* On one line whatever it contains; of a long text the end. */
static inline void put_title(const char *text) {
  size_t length = strlen(text);
  for (const char *at = length < 80 ? text : text + length - 80; *at != '\0'; at++)
    putchar(*at == '\n' ? '|' : *at > ' ' && *at < 0x7f ? *at : ' ');
  putchar('\n');
}

static inline void ok_at(int good, const char *what, const char *file, int line) {
  printf("%sok %d - ", good ? "" : "not ", ++tap_count);
  put_title(what);
  if (good) return;
  tap_failed = 1;
  printf("#      at %s:%d\n", file, line);
}

static inline void is_at(const char *got, const char *wanted, const char *what, const char *file, int line) {
  int same = got != NULL && strcmp(got, wanted) == 0;
  ok_at(same, what, file, line);
  if (!same) printf("#      got: %.300s\n#   wanted: %.300s\n", got == NULL ? "(null)" : got, wanted);
}

#define ok(good, what) ok_at((good), (what), __FILE__, __LINE__)
#define is(got, wanted, what) is_at((got), (wanted), (what), __FILE__, __LINE__)

static inline int done_testing(void) {
  printf("1..%d\n", tap_count);
  return tap_failed;
}
