/* `pod-init deadman`: runs a command if whoever holds its stdin dies without having said `done`. */
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lines.h"
#include "report.h"
#include "verbs.h"

enum { MAX_LINE = 4096 };

/* Whatever ends the caller's session or terminal must not end this too: it is there for just that case. */
static void be_stubborn(void) {
  setsid();
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
}

/* True for `done`; false for the end of input, and for input that cannot be trusted to say so any more. */
static bool await_done(void) {
  struct lines lines = {.fd = STDIN_FILENO, .cap = MAX_LINE};
  bool done = false;
  char *line;
  while (!done && lines_next(&lines, &line) == 1)
    done = strcmp(line, "done") == 0;
  lines_free(&lines);
  return done;
}

static _Noreturn void run(char **command, const char *log) {
  cleanup_fd int fd = log == NULL ? -1 : open(log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
  stdio_to_null();
  if (fd >= 0) {
    dup2(fd, 1);
    dup2(fd, 2);
  }
  reset_signals();
  execvp(command[0], command);
  die_errno("%s", command[0]);
}

int verb_deadman(int argc, char **argv) {
  static const struct option options[] = {
      {"ready", no_argument, NULL, 'r'}, {"log", required_argument, NULL, 'l'}, {0}};
  const char *log = NULL;
  bool ready = false;
  int key;
  while ((key = getopt_long(argc, argv, "+", options, NULL)) != -1) {
    if (key == 'r')
      ready = true;
    else if (key == 'l')
      log = optarg;
    else
      return 2;
  }
  if (argv[optind] == NULL) die("deadman: a command is wanted after --");
  be_stubborn();
  if (close_range(3, ~0U, 0) < 0) die_errno("close_range");
  if (ready) report_ready(getpid());
  if (await_done()) return 0;
  run(argv + optind, log);
}
