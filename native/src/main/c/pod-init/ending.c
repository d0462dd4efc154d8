#include "ending.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

int ending_code(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

char *ending_json(int wait_status) {
  int code = ending_code(wait_status);
  return WIFSIGNALED(wait_status) ? xasprintf("{\"code\":%d,\"signal\":%d}\n", code, WTERMSIG(wait_status))
                                  : xasprintf("{\"code\":%d}\n", code);
}

static int sync_directory_of(const char *path) {
  cleanup_free char *directory = xstrdup(path);
  char *slash = strrchr(directory, '/');
  if (slash != NULL) slash[slash == directory] = '\0';
  cleanup_fd int fd = open(slash == NULL ? "." : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return fd < 0 ? -1 : fsync(fd);
}

static int write_durably(const char *path, const char *text) {
  cleanup_fd int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0 || write_all(fd, text, strlen(text)) < 0) return -1;
  return fsync(fd);
}

int ending_write(const char *path, int wait_status) {
  cleanup_free char *temporary = xasprintf("%s.new", path);
  cleanup_free char *text = ending_json(wait_status);
  if (write_durably(temporary, text) < 0 || rename(temporary, path) < 0) {
    int error = errno;
    unlink(temporary);
    errno = error;
    return -1;
  }
  return sync_directory_of(path);
}
