/* ticker FILE MIB: a workload that CRIU dumps, to be run by contain. Fills MIB mebibytes with a pattern, then writes a
 * growing number into FILE fifty times a second and checks some of its memory each time. A page that is not as it left it
 * ends it with status 3. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, WORDS = PAGE / sizeof (uint64_t), PAGES_PER_TICK = 64 };

static void
fill (uint64_t *memory, size_t pages)
{
  for (size_t i = 0; i < pages * WORDS; i++)
    memory[i] = i * 0x9e3779b97f4a7c15ULL;
}

static int
check (const uint64_t *memory, size_t page)
{
  for (size_t i = page * WORDS; i < (page + 1) * WORDS; i++)
    if (memory[i] != i * 0x9e3779b97f4a7c15ULL)
      return 0;
  return 1;
}

static void
tick (int fd, const uint64_t *memory, size_t pages)
{
  struct timespec pause = { 0, 20 * 1000 * 1000 };
  for (uint64_t n = 1;; n++)
    {
      for (size_t i = 0; i < PAGES_PER_TICK; i++)
        if (!check (memory, (n * PAGES_PER_TICK + i) % pages))
          _exit (3);
      char text[32];
      int length = snprintf (text, sizeof text, "%20llu\n", (unsigned long long) n);
      if (pwrite (fd, text, (size_t) length, 0) != length)
        _exit (4);
      nanosleep (&pause, NULL);
    }
}

int
main (int argc, char **argv)
{
  if (argc != 3)
    return 2;
  size_t pages = strtoul (argv[2], NULL, 10) * 256;
  int fd = open (argv[1], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return 2;
  uint64_t *memory = mmap (NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return 2;
  fill (memory, pages);
  tick (fd, memory, pages);
}
