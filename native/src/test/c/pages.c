/* pages COUNT: memory for others to look at. Maps COUNT pages, writes its number into each but the last and prints where
 * they begin, in hexadecimal. Then obeys, one order a line, and says "ok" after each:
 *
 *   write PAGE VALUE   protect PAGE   unmap PAGE   check PAGE VALUE (says "wrong" if it is not so) */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

static int
obey (char *memory, const char *order, size_t page, uint64_t value)
{
  char *at = memory + page * PAGE;
  if (strcmp (order, "write") == 0)
    *(volatile uint64_t *)at = value;
  else if (strcmp (order, "protect") == 0)
    return mprotect (at, PAGE, PROT_NONE);
  else if (strcmp (order, "unmap") == 0)
    return munmap (at, PAGE);
  else if (strcmp (order, "check") == 0)
    return *(volatile uint64_t *)at == value ? 0 : -1;
  return 0;
}

int
main (int argc, char **argv)
{
  size_t count = argc > 1 ? strtoul (argv[1], NULL, 10) : 0;
  char *memory = mmap (NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (count == 0 || memory == MAP_FAILED || madvise (memory, count * PAGE, MADV_NOHUGEPAGE) < 0)
    return 1;
  for (size_t page = 0; page + 1 < count; page++)
    *(uint64_t *)(memory + page * PAGE) = page + 1;
  printf ("%lx\n", (unsigned long)memory);
  fflush (stdout);
  char line[128], order[16];
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      unsigned long page = 0, value = 0;
      if (sscanf (line, "%15s %lu %lu", order, &page, &value) < 1 || page >= count)
        return 2;
      puts (obey (memory, order, page, value) == 0 ? "ok" : "wrong");
      fflush (stdout);
    }
  return 0;
}
