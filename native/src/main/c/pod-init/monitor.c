#include "monitor.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "ending.h"

/* The monitor's end of the pipe on which the front waits. */
static int front = -1;

static _Noreturn void stand_in_front(int pipe_end, pid_t monitor) {
  /* A descriptor kept here would hide from its other end that everyone else has closed it. */
  if (dup2(pipe_end, 3) < 0 || close_range(4, ~0U, 0) < 0) die_errno("close_range");
  char detached;
  int status;
  if (TEMP_FAILURE_RETRY(read(3, &detached, 1)) == 1) _exit(0);
  if (TEMP_FAILURE_RETRY(waitpid(monitor, &status, 0)) < 0) _exit(1);
  _exit(ending_code(status));
}

void monitor_split(void) {
  int ends[2];
  /* A caller that ignores SIGCHLD would make its children's ends unknowable here too. */
  reset_signals();
  signal(SIGPIPE, SIG_IGN);
  if (pipe2(ends, O_CLOEXEC) < 0) die_errno("pipe");
  pid_t monitor = fork();
  if (monitor < 0) die_errno("fork");
  if (monitor > 0) {
    close(ends[1]);
    stand_in_front(ends[0], monitor);
  }
  close(ends[0]);
  front = ends[1];
  if (setsid() < 0) die_errno("setsid");
  prctl(PR_SET_NAME, "pod-monitor");
}

void monitor_detach(void) {
  if (stdio_to_null() < 0 || chdir("/") < 0) die_errno("detaching");
  (void)!write(front, "", 1);
  close(front);
}

/* Whether somebody who promised to see to the pod's end has done it. While that promise stands it is waited for: the
 * kernel ends it with its process, and then everything is still to be done. */
static bool is_settled(const char *exit_file) {
  cleanup_free char *attended = xasprintf("%.*s/attended", (int)(strrchr(exit_file, '/') - exit_file), exit_file);
  cleanup_fd int fd = open(attended, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return access(exit_file, F_OK) < 0; /* gone with the whole pod, or nobody promised anything */
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  struct stat now;
  if (TEMP_FAILURE_RETRY(fcntl(fd, F_SETLKW, &whole)) < 0 || fstat(fd, &now) < 0) return false;
  return now.st_nlink == 0; /* it is removed last, and by nobody else */
}

int monitor_conclude(const char *exit_file, int wait_status, char **command) {
  bool written = ending_write(exit_file, wait_status) == 0;
  if (command != NULL && command[0] != NULL && !(written && is_settled(exit_file))) {
    reset_signals();
    execv(command[0], command);
  }
  return written ? 0 : 1;
}
