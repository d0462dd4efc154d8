/* Private memory of a given size, verified page by page while it is being written. */
#include "workload.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, MIB = 1024 * 1024, DEFAULT_MIB = 64, DEFAULT_WRITES = 2000, CHECKS_PER_S = 10 };

/* Each page starts with how often it was written; the rest follows from its number and that count.
 * Every 16th page is left as zeros, every 5th half zero: the kinds of page a transfer treats
 * differently. */
static uint8_t *memory;
static uint64_t pages, next_write, next_check;
static uint64_t writes_per_check;

static uint32_t *generation(uint64_t page) {
  return (uint32_t *)(memory + page * PAGE);
}

static size_t body_length(uint64_t page) {
  return page % 5 == 0 ? PAGE / 2 : PAGE - sizeof(uint32_t);
}

static bool stays_zero(uint64_t page) {
  return page % 16 == 15;
}

static void write_page(uint64_t page) {
  if (stays_zero(page))
    return;
  ++*generation(page);
  pattern_fill(memory + page * PAGE + sizeof(uint32_t), body_length(page), *generation(page), page);
}

static void check_page(uint64_t page) {
  static const uint8_t zeros[PAGE];
  const uint8_t *bytes = memory + page * PAGE;
  if (stays_zero(page)) {
    if (memcmp(bytes, zeros, PAGE) != 0)
      fail("page %llu was zero and is not", (unsigned long long)page);
    return;
  }
  size_t end = sizeof(uint32_t) + body_length(page);
  pattern_check("page", bytes + sizeof(uint32_t), body_length(page), *generation(page), page);
  if (memcmp(bytes + end, zeros, PAGE - end) != 0)
    fail("page %llu: its zero half is not zero", (unsigned long long)page);
}

static void setup_memory(int argc, char **argv) {
  uint64_t mib = argc > 0 ? strtoull(argv[0], NULL, 10) : DEFAULT_MIB;
  writes_per_check = (argc > 1 ? strtoull(argv[1], NULL, 10) : DEFAULT_WRITES) / CHECKS_PER_S;
  expect(mib > 0);
  pages = mib * MIB / PAGE;
  memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    fail("mmap of %llu MiB: %s", (unsigned long long)mib, strerror(errno));
  for (uint64_t page = 0; page < pages; page++)
    write_page(page);
}

static uint64_t random_page(void) {
  next_write = next_write * 6364136223846793005u + 1442695040888963407u;
  return (next_write >> 20) % pages;
}

/* Writes its share, then verifies the next 16 MiB: all of it in turn without holding up the writes.
 */
static void check_memory(void) {
  for (uint64_t i = 0; i < writes_per_check; i++)
    write_page(random_page());
  for (uint64_t i = 0; i < 16 * MIB / PAGE && i < pages; i++)
    check_page(next_check++ % pages);
}

static void finish_memory(void) {
  for (uint64_t page = 0; page < pages; page++)
    check_page(page);
}

const struct workload memory_workloads[] = {
    {"memory", "MIB of memory, WRITES pages written a second", setup_memory, check_memory,
     finish_memory},
    {0},
};
