#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "ending.h"
#include "failure.h"
#include "lines.h"
#include "nspid.h"
#include "report.h"
#include "tap.h"

static void number(const char *text, int base, uint64_t max, bool wanted, uint64_t value) {
  uint64_t got = 0;
  ok(parse_number(text, base, max, &got) == wanted && (!wanted || got == value), text);
}

static void test_numbers(void) {
  number("0", 10, 10, true, 0);
  number("18446744073709551615", 10, UINT64_MAX, true, UINT64_MAX);
  number("18446744073709551616", 10, UINT64_MAX, false, 0);
  number("99999999999999999999", 10, UINT64_MAX, false, 0);
  number("FfFf", 16, UINT64_MAX, true, 0xffff);
  number("11", 10, 10, false, 0);
  number("a", 10, 10, false, 0);
  number("-1", 10, 10, false, 0);
  number(" 1", 10, 10, false, 0);
  number("", 10, 10, false, 0);
}

static void json(const char *text, const char *wanted) {
  cleanup_free char *got = json_string(text);
  is(got, wanted, text);
}

static void test_json(void) {
  json("", "\"\"");
  json("a \"b\" \\", "\"a \\\"b\\\" \\\\\"");
  json("\n\x7f\x01", "\"\\u000a\\u007f\\u0001\"");
  json("\xff", "\"\\ufffd\"");
}

static void test_lines(void) {
  int ends[2];
  char *line;
  if (pipe(ends) < 0) die_errno("pipe");
  struct lines lines = {.fd = ends[0], .cap = 5};
  ok(write_all(ends[1], "one\n\ntwo\nunfin", 14) == 0, "written");
  ok(lines_next(&lines, &line) == 1 && strcmp(line, "one") == 0, "a line");
  ok(lines_buffered(&lines), "more is there without reading");
  ok(lines_next(&lines, &line) == 1 && *line == '\0', "an empty line");
  ok(lines_next(&lines, &line) == 1 && strcmp(line, "two") == 0, "another");
  ok(!lines_buffered(&lines), "half a line is none");
  close(ends[1]);
  ok(lines_next(&lines, &line) == 0, "an unfinished line is the end");
  close(ends[0]);
  lines_free(&lines);
}

static void ends(int wait_status, const char *wanted) {
  cleanup_free char *got = ending_json(wait_status);
  is(got, wanted, wanted);
}

static void test_endings(void) {
  char directory[] = "/tmp/test_util.XXXXXX";
  if (mkdtemp(directory) == NULL) die_errno("%s", directory);
  cleanup_free char *path = xasprintf("%s/exit.json", directory);
  cleanup_free char *temporary = xasprintf("%s.new", path);
  cleanup_free char *nowhere = xasprintf("%s/nowhere/exit.json", directory);
  ends(0, "{\"code\":0}\n");
  ends(42 << 8, "{\"code\":42}\n");
  ends(SIGKILL, "{\"code\":137,\"signal\":9}\n");
  ends(SIGSEGV | 0x80, "{\"code\":139,\"signal\":11}\n");
  ok(ending_write(path, 7 << 8) == 0 && ending_write(path, 8 << 8) == 0, "written, and over the old one");
  char text[32] = "";
  cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
  ok(read(fd, text, sizeof text - 1) > 0 && strcmp(text, "{\"code\":8}\n") == 0, "the last is there");
  ok(access(temporary, F_OK) < 0, "nothing else is");
  ok(ending_write(nowhere, 0) < 0 && errno == ENOENT, "a directory that is gone");
  unlink(path);
  rmdir(directory);
}

static void test_failures(void) {
  struct failure why;
  char longest[1000];
  memset(longest, 'x', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  ok(fail(&why, "mount", EPERM, "%s", longest) == -1, "fail is -1");
  ok(strlen(why.message) == sizeof why.message - 1, "long messages are cut");
  ok(strstr(failure_hint(&why), "user namespace") != NULL, "a hint for the stage");
  fail(&why, "cwd", EPERM, "x");
  ok(strstr(failure_hint(&why), "root") != NULL, "a hint for the errno");
  fail(&why, "cwd", ENOENT, "x");
  ok(failure_hint(&why) == NULL, "no hint where none helps");
}

static void test_nspid(void) {
  ok(nspid_text_is_init("Name:\tx\nPid:\t77\nNSpid:\t77\t1\nNSsid:\t1\n"), "a pod's pid 1");
  ok(nspid_text_is_init("Name:\tx\nNSpid:\t77\t12\t1\n"), "two levels down");
  ok(!nspid_text_is_init("Name:\tx\nNSpid:\t77\t21\n"), "another process of a pod");
  ok(!nspid_text_is_init("Name:\tx\nNSpid:\t1\n"), "the reader's own pid 1");
  ok(!nspid_text_is_init("Name:\tNSpid:\t7\t1\nNSpid:\t7\n"), "a name that looks like it");
  ok(!nspid_text_is_init("Name:\tx\n"), "no such line");
  ok(!nspid_is_init(getpid()), "this process");
}

static void test_ownership(void) {
  int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  {
    cleanup_fd int owned = fd;
    ok(steal_fd(&owned) == fd && owned == -1, "a stolen descriptor is left alone");
  }
  ok(fcntl(fd, F_GETFD) >= 0, "it is open");
  {
    cleanup_fd int owned = fd;
    errno = EXDEV;
    ok(owned >= 0, "owned");
  }
  ok(errno == EXDEV, "closing keeps errno");
  ok(fcntl(fd, F_GETFD) < 0, "and has closed");
}

int main(void) {
  test_numbers();
  test_json();
  test_lines();
  test_endings();
  test_failures();
  test_nspid();
  test_ownership();
  return done_testing();
}
