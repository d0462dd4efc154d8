#include "session.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char STAGE[] = "stdio";

/* Never follows a link, never blocks, takes nothing but the type it wants: the pod's root may have put anything there.
 */
static int open_typed(const char *directory, const char *name, int flags, mode_t type, const struct launch *owner,
                      struct failure *why) {
  cleanup_free char *path = xasprintf("%s/%s", directory, name);
  cleanup_fd int fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) < 0) return fail(why, STAGE, errno, "%s", path);
  if ((status.st_mode & S_IFMT) != type) return fail(why, STAGE, EINVAL, "%s is of another type", path);
  /* So that /dev/stdout and its like can be opened again by a workload that is not root. */
  if (owner != NULL && fchown(fd, owner->uid, owner->gid) < 0) return fail(why, STAGE, errno, "owner of %s", path);
  return steal_fd(&fd);
}

static int open_output(const char *directory, const char *name, const struct launch *owner, struct failure *why) {
  int fd = open_typed(directory, name, O_WRONLY | O_APPEND | O_CREAT, S_IFREG, owner, why);
  if (fd >= 0) fcntl(fd, F_SETFL, O_APPEND);
  return fd;
}

static int open_null(int flags, struct failure *why) {
  int fd = open("/dev/null", flags | O_CLOEXEC);
  return fd < 0 ? fail(why, STAGE, errno, "/dev/null") : fd;
}

static int open_plain(struct session *session, const struct launch *launch, struct failure *why) {
  session->out = open_output(session->directory, "stdout", launch, why);
  if (session->out < 0) return -1;
  session->err = open_output(session->directory, "stderr", launch, why);
  if (session->err < 0) return -1;
  if (!launch->stdin_fifo) {
    session->in = open_null(O_RDONLY, why);
    return session->in < 0 ? -1 : 0;
  }
  /* The read end first: opening a FIFO for writing without waiting is refused while nobody reads. */
  session->in = open_typed(session->directory, "stdin", O_RDONLY, S_IFIFO, launch, why);
  if (session->in < 0) return -1;
  session->fifo = open_typed(session->directory, "stdin", O_WRONLY, S_IFIFO, NULL, why);
  if (session->fifo < 0) return -1;
  session_end_input(session);
  return fcntl(session->in, F_SETFL, 0) < 0 ? fail(why, STAGE, errno, "stdin") : 0;
}

static int open_slave(int master, const struct launch *launch, struct failure *why) {
  char path[64];
  if (grantpt(master) < 0 || unlockpt(master) < 0 || ptsname_r(master, path, sizeof path) != 0)
    return fail(why, "tty", errno, "the pod's /dev/pts");
  cleanup_fd int slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0) return fail(why, "tty", errno, "%s", path);
  if (fchown(slave, launch->uid, (gid_t)-1) < 0) return fail(why, "tty", errno, "owner of %s", path);
  return steal_fd(&slave);
}

static int open_tty(struct session *session, const struct launch *launch, struct failure *why) {
  session->master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (session->master < 0) return fail(why, "tty", errno, "/dev/ptmx");
  session->in = open_slave(session->master, launch, why);
  if (session->in < 0) return -1;
  ioctl(session->master, TIOCSWINSZ, &launch->window);
  session_resize(session);
  session->log = open_output(session->directory, "stdout", NULL, why);
  if (session->log < 0) return -1;
  if (!launch->stdin_fifo) return 0;
  /* For writing too, so that it never reads as ended, whoever comes and goes outside. */
  session->fifo = open_typed(session->directory, "stdin", O_RDWR, S_IFIFO, NULL, why);
  return session->fifo < 0 ? -1 : 0;
}

int session_open(struct session *session, const char *directory, const struct launch *launch, struct failure *why) {
  *session =
      (struct session){.directory = directory, .in = -1, .out = -1, .err = -1, .fifo = -1, .log = -1, .master = -1};
  return launch->tty ? open_tty(session, launch, why) : open_plain(session, launch, why);
}

void session_close_workload_side(struct session *session) {
  /* The keeper's own slave stays: without it a workload that leaves its terminal would make the master hang up for
   * good. */
  if (session->master < 0) util_close(&session->in);
  util_close(&session->out);
  util_close(&session->err);
}

bool session_end_input(struct session *session) {
  if (session->master >= 0 || session->fifo < 0) return false;
  cleanup_free char *path = xasprintf("%s/stdin.eof", session->directory);
  if (access(path, F_OK) < 0) return false;
  util_close(&session->fifo);
  return true;
}

bool session_resize(const struct session *session) {
  if (session->master < 0) return false;
  cleanup_free char *path = xasprintf("%s/winsize", session->directory);
  cleanup_fd int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  char text[32];
  ssize_t length = fd < 0 ? -1 : TEMP_FAILURE_RETRY(read(fd, text, sizeof text - 1));
  if (length <= 0) return false;
  text[length] = '\0';
  struct winsize window = {0};
  if (sscanf(text, "%hu %hu", &window.ws_row, &window.ws_col) != 2) return false;
  return ioctl(session->master, TIOCSWINSZ, &window) == 0;
}
