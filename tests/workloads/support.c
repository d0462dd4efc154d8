/* What all workloads share: saying why one failed, byte patterns, children. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *program = "workload";

void program_name(const char *name) {
  program = name;
}

/* One write, so that the lines of several processes never mix. */
static _Noreturn void leave(const char *word, int status, const char *format, va_list arguments) {
  char text[512], line[600];
  vsnprintf(text, sizeof text, format, arguments);
  int length = snprintf(line, sizeof line, "%s %s: %s\n", word, program, text);
  if (write(STDOUT_FILENO, line, (size_t)length) < 0)
    _exit(3);
  _exit(status);
}

void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  leave("FAIL", 1, format, arguments);
}

void skip(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  leave("skip", 77, format, arguments);
}

long must_(const char *what, const char *file, int line, long result) {
  if (result < 0)
    fail("%s:%d: %s: %s", file, line, what, strerror(errno));
  return result;
}

void must0_(const char *what, const char *file, int line, int error) {
  if (error != 0)
    fail("%s:%d: %s: %s", file, line, what, strerror(error));
}

void expect_eq_(const char *what, const char *file, int line, long long actual, long long wanted) {
  if (actual == -1)
    fail("%s:%d: %s is -1 (%s), not %lld", file, line, what, strerror(errno), wanted);
  if (actual != wanted)
    fail("%s:%d: %s is %lld, not %lld", file, line, what, actual, wanted);
}

static uint8_t pattern_byte(uint32_t seed, uint64_t position) {
  uint64_t x = position * 0x9e3779b97f4a7c15u + seed;
  x ^= x >> 29;
  x *= 0xbf58476d1ce4e5b9u;
  return (uint8_t)(x >> 56);
}

void pattern_fill(void *buffer, size_t length, uint32_t seed, uint64_t position) {
  for (size_t i = 0; i < length; i++)
    ((uint8_t *)buffer)[i] = pattern_byte(seed, position + i);
}

void pattern_check(const char *what, const void *buffer, size_t length, uint32_t seed,
                   uint64_t position) {
  for (size_t i = 0; i < length; i++)
    if (((const uint8_t *)buffer)[i] != pattern_byte(seed, position + i))
      fail("%s: wrong byte at %llu", what, (unsigned long long)(position + i));
}

void write_all(int fd, const void *buffer, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t n = write(fd, (const char *)buffer + done, length - done);
    if (n < 0 && errno == EINTR)
      continue;
    done += (size_t)must(n);
  }
}

void read_all(int fd, void *buffer, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t n = read(fd, (char *)buffer + done, length - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n == 0)
      fail("end of file after %zu of %zu bytes", done, length);
    done += (size_t)must(n);
  }
}

pid_t spawn(void (*body)(void *), void *argument) {
  fflush(stdout);
  pid_t child = (pid_t)must(fork());
  if (child == 0) {
    must(prctl(PR_SET_PDEATHSIG, SIGKILL));
    body(argument);
    _exit(0);
  }
  return child;
}

void expect_alive(pid_t child) {
  int status;
  pid_t ended = waitpid(child, &status, WNOHANG);
  if (ended != 0)
    fail("child %d has ended (%s, wait status 0x%x)", child, ended < 0 ? strerror(errno) : "early",
         status);
}

void expect_exit_ok(pid_t child) {
  int status;
  must(waitpid(child, &status, 0));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fail("child %d ended with wait status 0x%x", child, status);
}

long now_ms(void) {
  struct timespec t;
  must(clock_gettime(CLOCK_MONOTONIC, &t));
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void sleep_ms(long ms) {
  struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  while (nanosleep(&t, &t) < 0 && errno == EINTR)
    ;
}

void *shared_memory(size_t length) {
  void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    fail("mmap of %zu shared bytes: %s", length, strerror(errno));
  return memory;
}

const char *scratch(const char *name) {
  static char path[256];
  snprintf(path, sizeof path, "/tmp/%s.%d", program, getpid());
  if (mkdir(path, 0700) < 0 && errno != EEXIST)
    fail("mkdir %s: %s", path, strerror(errno));
  size_t length = strlen(path);
  snprintf(path + length, sizeof path - length, "/%s", name);
  return path;
}

void write_file(const char *path, const char *content) {
  int fd = (int)must(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  write_all(fd, content, strlen(content));
  must(close(fd));
}

void expect_content(const char *path, const char *wanted) {
  char found[256] = "";
  int fd = (int)must(open(path, O_RDONLY | O_CLOEXEC));
  must(read(fd, found, sizeof found - 1));
  must(close(fd));
  if (strcmp(found, wanted) != 0)
    fail("%s holds '%.100s', not '%.100s'", path, found, wanted);
}
