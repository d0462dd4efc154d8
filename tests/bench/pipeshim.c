/* Preloaded into a criu that serves lazy pages: without CAP_SYS_RESOURCE it asks for a pipe of 3
 * MiB, which it may not have, is refused, and cannot serve at all. It gets the largest there is
 * instead. Where it asks for less it copes with a refusal, but not with a smaller pipe. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { GRANTED = 1 << 20, COPES = 2 << 20 };

int fcntl64(int fd, int command, ...);

static int ask(int fd, int command, long argument) {
  long result = syscall(SYS_fcntl, fd, command, argument);
  if (result < 0 && errno == EPERM && command == F_SETPIPE_SZ && argument > COPES)
    result = syscall(SYS_fcntl, fd, command, (long)GRANTED);
  return (int)result;
}

int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  long argument = va_arg(arguments, long);
  va_end(arguments);
  return ask(fd, command, argument);
}

int fcntl64(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  long argument = va_arg(arguments, long);
  va_end(arguments);
  return ask(fd, command, argument);
}
