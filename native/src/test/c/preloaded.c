/* Does what CRIU does through the libraries that it is started with, and prints what it sees. Not static: they are
 * preloaded into it.
 *
 *   preloaded scan PID START END ROOM   the pages there, "START END" a line, then "walked END"; addresses hexadecimal
 *   preloaded seek FILE                 where data begins, or "none"
 *   preloaded userfault FD              what becomes of that descriptor, and of calls through syscall(3) */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As linux/fs.h has them since Linux 6.7. */
struct scan
{
  uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
  uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
struct region
{
  uint64_t start, end, categories;
};

enum { PRESENT_OR_SWAPPED = 0x18, MOST = 1024 };

static int
scan (const char *pid, uint64_t start, uint64_t end, uint64_t room)
{
  static struct region regions[MOST];
  char path[64];
  snprintf (path, sizeof path, "/proc/%s/pagemap", pid);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct scan argument = { .size = sizeof argument, .start = start, .end = end, .vec = (uintptr_t)regions };
  argument.vec_len = room < MOST ? room : MOST;
  argument.category_anyof_mask = argument.return_mask = PRESENT_OR_SWAPPED;
  int found = ioctl (fd, _IOWR ('f', 16, struct scan), &argument);
  if (found < 0)
    {
      printf ("failed %s\n", strerror (errno));
      return 1;
    }
  for (int i = 0; i < found; i++)
    printf ("%lx %lx\n", (unsigned long)regions[i].start, (unsigned long)regions[i].end);
  printf ("walked %lx\n", (unsigned long)argument.walk_end);
  return 0;
}

static int
seek (const char *path)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return 1;
  off_t data = lseek (fd, 0, SEEK_DATA), end = lseek (fd, 0, SEEK_END);
  off64_t data64 = lseek64 (fd, 0, SEEK_DATA);
  if (data < 0)
    printf ("none %s, size %ld, %ld\n", strerror (errno), (long)end, (long)data64);
  else
    printf ("data %ld, size %ld, %ld\n", (long)data, (long)end, (long)data64);
  return 0;
}

static const char *
state (int fd)
{
  return fcntl (fd, F_GETFD) >= 0 ? "open" : "closed";
}

static int
userfault (int fd)
{
  printf ("at first %s\n", state (fd));
  int closed = close (fd);
  printf ("close %d, then %s\n", closed, state (fd));
  int other = dup (0);
  closed = close (other);
  printf ("another: close %d, %s\n", closed, state (other));
  printf ("getpid %s\n", syscall (SYS_getpid) == getpid () ? "right" : "wrong");
  errno = 0;
  long none = syscall (SYS_close, -1);
  printf ("close -1: %ld %s\n", none, strerror (errno));
  void *six = (void *)syscall (SYS_mmap, NULL, 4096L, (long)PROT_READ, (long)(MAP_PRIVATE | MAP_ANONYMOUS), -1L, 0L);
  printf ("six arguments %s\n", six != MAP_FAILED && *(char *)six == 0 ? "right" : "wrong");
  errno = 0;
  long uffd = syscall (SYS_userfaultfd, (long)(O_CLOEXEC | O_NONBLOCK));
  printf ("userfaultfd %s, then %s\n", uffd >= 0 ? "had" : strerror (errno), state (fd));
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 6 && strcmp (argv[1], "scan") == 0)
    return scan (argv[2], strtoull (argv[3], NULL, 16), strtoull (argv[4], NULL, 16), strtoull (argv[5], NULL, 10));
  if (argc == 3 && strcmp (argv[1], "seek") == 0)
    return seek (argv[2]);
  if (argc == 3 && strcmp (argv[1], "userfault") == 0)
    return userfault (atoi (argv[2]));
  return 2;
}
