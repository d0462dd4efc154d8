/* Preloaded into CRIU for a lazy restore: lets a task in a user namespace have a userfaultfd (docs/adr/0010).
 *
 * CRIU makes each task call userfaultfd(2) for itself, which the kernel grants only to privilege in the initial user
 * namespace. It grants the same through /dev/userfaultfd to whoever can open that; a task cannot, but CRIU can, before it
 * makes the first task. So the device is opened here, under a number that no task uses, kept open when CRIU closes what
 * its tasks are not to have, and closed by each task as soon as it has its userfaultfd. */
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define NEW_USERFAULTFD _IO(0xaa, 0) /* since Linux 6.1 */

EXPORT long syscall(long number, ...);
EXPORT int close(int fd);

static int device = -1;

static long raw(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#else
#error "system calls of this processor are not known here"
#endif
}

static long result(long value) {
  return value < 0 && value > -4096 ? (errno = (int)-value, -1) : value;
}

/* Runs in every program that CRIU is started through; the last one finds the device open already. */
static void __attribute__((constructor)) open_device(void) {
  const char *path = getenv("PODKIT_USERFAULT_DEVICE"), *number = getenv("PODKIT_USERFAULT_FD");
  if (path == NULL || number == NULL) return;
  int wanted = atoi(number);
  if (raw(SYS_fcntl, wanted, F_GETFD, 0, 0, 0, 0) >= 0) {
    device = wanted;
    return;
  }
  int fd = (int)raw(SYS_openat, AT_FDCWD, (long)path, O_RDWR, 0, 0, 0);
  if (fd < 0) return;
  if (raw(SYS_dup3, fd, wanted, 0, 0, 0, 0) == wanted) device = wanted;
  raw(SYS_close, fd, 0, 0, 0, 0, 0);
}

static long userfault(long flags) {
  long fd = raw(SYS_userfaultfd, flags, 0, 0, 0, 0, 0);
  if (fd != -EPERM || device < 0) return fd;
  fd = raw(SYS_ioctl, device, NEW_USERFAULTFD, flags, 0, 0, 0);
  raw(SYS_close, device, 0, 0, 0, 0, 0);
  device = -1;
  return fd;
}

long syscall(long number, ...) {
  long a[6];
  va_list arguments;
  va_start(arguments, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(arguments, long);
  va_end(arguments);
  return result(number == SYS_userfaultfd ? userfault(a[0]) : raw(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}

int close(int fd) {
  if (fd >= 0 && fd == device) return 0;
  return (int)result(raw(SYS_close, fd, 0, 0, 0, 0, 0));
}
