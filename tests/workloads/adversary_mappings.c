/* Adversaries with mappings of their own: remapping, huge pages, mappings of every odd kind. */
#include "regions.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

/* --- remap: mmap, munmap, mremap, mprotect and madvise at random --- */

enum { REGIONS = 32 };

static void map_new(struct worker *worker, struct region *region) {
  doing("mmap");
  *region = region_map(1 + below(worker, worker->pages), PAGE);
  for (size_t i = 0; i < region->book.length; i++)
    if (below(worker, 4) != 0) /* some stay as they are born */
      region_write(region, i);
}

static void start_remap(struct worker *worker) {
  struct region *all = worker->own = calloc(REGIONS, sizeof *all);
  expect(all);
  worker->pages = worker->pages * 2 / REGIONS; /* the most for one: half of that on average */
  if (worker->pages < 4)
    worker->pages = 4;
  for (size_t r = 0; r < REGIONS; r++)
    map_new(worker, &all[r]);
}

static void operate_remap(struct worker *worker) {
  struct region *all = worker->own, *one = &all[below(worker, REGIONS)];
  if (one->base)
    region_change(worker, one, &all[below(worker, REGIONS)]);
  else
    map_new(worker, one);
}

static void look_remap(struct worker *worker) {
  struct region *all = worker->own;
  for (size_t r = 0; r < REGIONS; r++)
    if (all[r].base)
      region_look(&all[r], 8);
}

static void verify_remap(struct worker *worker) {
  struct region *all = worker->own;
  for (size_t r = 0; r < REGIONS; r++)
    if (all[r].base)
      region_verify(&all[r]);
}

static const struct kind remap_kind = {start_remap, operate_remap, look_remap, verify_remap};

/* Two threads, so that one remaps while the other writes, in one address space. */
static void setup_remap(int argc, char **argv) {
  start_threads(&remap_kind, adversary_options(argc, argv, 1000, 16), 2);
}

/* --- thp: huge pages that are made, split and collapsed --- */

enum { HUGE_BYTES = 2 << 20, HUGE_PAGES = HUGE_BYTES / PAGE, HUGE_REGIONS = 2 };

static void map_huge(struct worker *worker, struct region *region) {
  *region = region_map(worker->pages, HUGE_BYTES);
  must(madvise(region->base, region->book.length * PAGE, MADV_HUGEPAGE));
  for (size_t i = 0; i < region->book.length; i++)
    if (i % HUGE_PAGES < HUGE_PAGES / 2 || below(worker, 2)) /* the rest is zeros of a huge page */
      region_write(region, i);
}

static void start_thp(struct worker *worker) {
  struct region *all = worker->own = calloc(HUGE_REGIONS, sizeof *all);
  expect(all);
  size_t huge = worker->pages / HUGE_REGIONS / HUGE_PAGES;
  worker->pages = (huge ? huge : 1) * HUGE_PAGES;
  for (size_t r = 0; r < HUGE_REGIONS; r++)
    map_huge(worker, &all[r]);
}

/* Advice for all of a huge page. A kernel without huge pages, or without room for one, says so. */
static void advise(struct worker *worker, struct region *region, int advice, const char *name) {
  doing(name);
  size_t huge = below(worker, region->book.length / HUGE_PAGES);
  uint8_t *at = region_at(region, huge * HUGE_PAGES);
  if (madvise(at, HUGE_BYTES, advice) < 0 && errno != EINVAL && errno != EAGAIN &&
      errno != ENOMEM && errno != EBUSY)
    fail("%s: %s", name, strerror(errno));
}

static void discard_huge(struct worker *worker, struct region *region) {
  doing("MADV_DONTNEED of a huge page");
  size_t from = below(worker, region->book.length / HUGE_PAGES) * HUGE_PAGES;
  must(madvise(region_at(region, from), HUGE_BYTES, MADV_DONTNEED));
  for (size_t i = from; i < from + HUGE_PAGES; i++) {
    struct entry entry = book_get(&region->book, i);
    entry.generation = 0;
    book_set(&region->book, i, entry);
  }
  for (size_t i = from; i < from + HUGE_PAGES; i += 1 + below(worker, 4))
    region_write(region, i);
}

static void operate_thp(struct worker *worker) {
  struct region *all = worker->own, *one = &all[below(worker, HUGE_REGIONS)];
  switch (below(worker, 32)) {
  case 0:
    discard_huge(worker, one);
    break;
  case 1:
    advise(worker, one, MADV_NOHUGEPAGE, "MADV_NOHUGEPAGE");
    break;
  case 2:
  case 3:
    advise(worker, one, MADV_HUGEPAGE, "MADV_HUGEPAGE");
    break;
  case 4:
    advise(worker, one, MADV_COLLAPSE, "MADV_COLLAPSE");
    break;
  case 5:
  case 6:
    region_discard(worker, one);
    break;
  case 7:
  case 8:
  case 9:
    region_protect(worker, one);
    break;
  default:
    region_write_some(worker, one);
    break;
  }
}

static void look_thp(struct worker *worker) {
  struct region *all = worker->own;
  for (size_t r = 0; r < HUGE_REGIONS; r++)
    region_look(&all[r], 128);
}

static void verify_thp(struct worker *worker) {
  struct region *all = worker->own;
  for (size_t r = 0; r < HUGE_REGIONS; r++)
    region_verify(&all[r]);
}

static const struct kind thp_kind = {start_thp, operate_thp, look_thp, verify_thp};

static void setup_thp(int argc, char **argv) {
  start_threads(&thp_kind, adversary_options(argc, argv, 500, 8), 1);
}

/* --- private: every odd kind of private mapping, and the stack --- */

enum {
  FROM_FILE,  /* a private mapping of a file: pages of the file and own copies of them */
  SPARSE,     /* few pages in a giant that reserves nothing */
  LOCKED,     /* mlock and munlock */
  UNREADABLE, /* content behind PROT_NONE most of the time */
  DOWNWARD,   /* grows down when it is touched below */
  KINDS
};

enum {
  SPARSE_PAGES = 256,
  SPARSE_STRIDE = 64 << 20, /* 16 GiB in all */
  LOCKED_PAGES = 8,
  DOWN_START = 4,
  DOWN_MOST = 200,
  STACK_PAGES = 100
};

static void *map_for(size_t bytes, int flags, int fd) {
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | flags, fd, 0);
  if (memory == MAP_FAILED)
    fail("mmap of %zu bytes: %s", bytes, strerror(errno));
  return memory;
}

static struct region map_file(size_t pages) {
  int fd = (int)must(open(scratch("mapped"), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  must(ftruncate(fd, (off_t)pages * PAGE));
  struct region region = region_around(map_for(pages * PAGE, 0, fd), PAGE, pages, 1);
  for (size_t i = 0; i < pages; i++) {
    uint8_t page[PAGE];
    page_write(page, region.space, i, 1);
    expect_eq(pwrite(fd, page, PAGE, (off_t)i * PAGE), PAGE);
  }
  must(close(fd));
  return region;
}

/* The lowest page has the highest number. The kernel keeps a gap of 256 pages to what is below. */
static struct region map_downward(void) {
  size_t room = DOWN_MOST + 512;
  uint8_t *low = map_for(room * PAGE, MAP_ANONYMOUS | MAP_NORESERVE, -1);
  must(munmap(low, room * PAGE));
  uint8_t *start = low + (room - DOWN_START) * PAGE;
  void *at = mmap(start, DOWN_START * PAGE, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED_NOREPLACE, -1, 0);
  expect(at == start);
  return region_around(low + (room - 1) * PAGE, -PAGE, DOWN_START, 0);
}

static void start_private(struct worker *worker) {
  struct region *all = worker->own = calloc(KINDS, sizeof *all);
  expect(all);
  size_t pages = worker->pages / 2;
  all[FROM_FILE] = map_file(pages);
  all[SPARSE] = region_around(
      map_for((size_t)SPARSE_PAGES * SPARSE_STRIDE, MAP_ANONYMOUS | MAP_NORESERVE, -1),
      SPARSE_STRIDE, SPARSE_PAGES, 0);
  all[LOCKED] =
      region_around(map_for(LOCKED_PAGES * PAGE, MAP_ANONYMOUS, -1), PAGE, LOCKED_PAGES, 0);
  all[UNREADABLE] = region_around(map_for(pages * PAGE, MAP_ANONYMOUS, -1), PAGE, pages, 0);
  all[DOWNWARD] = map_downward();
  for (size_t r = 0; r < KINDS; r++)
    for (size_t i = 0; i < all[r].book.length; i++)
      if (i % 2 == 0)
        region_write(&all[r], i);
}

static void lock_some(struct worker *worker, struct region *region) {
  doing("mlock or munlock");
  size_t i = below(worker, region->book.length);
  must(below(worker, 2) ? mlock(region_at(region, i), PAGE) : munlock(region_at(region, i), PAGE));
}

static void grow_down(struct region *region) {
  doing("growing down");
  size_t pages = region->book.length;
  if (pages == DOWN_MOST)
    return;
  book_cut(&region->book, 0, pages + 1, book_get(&region->book, 0));
  book_set(&region->book, pages, (struct entry){.protection = PROT_READ | PROT_WRITE});
  region_write(region, pages);
}

/* Frames with content, verified on the way back; now and then it rests at the bottom. */
static void descend(struct worker *worker, size_t depth) {
  uint8_t frame[PAGE] __attribute__((aligned(PAGE)));
  uint64_t space = seed_from(worker->random, depth, 1);
  page_write(frame, space, depth, 1);
  __asm__ volatile("" : : "r"(frame) : "memory");
  if (depth > 0)
    descend(worker, depth - 1);
  else if (worker->operations % 4 == 0)
    sleep_ms(20);
  expect_page(frame, space, depth, 1);
}

static void operate_private(struct worker *worker) {
  struct region *all = worker->own, *one = &all[below(worker, KINDS)];
  switch (below(worker, 8)) {
  case 0:
    if (one != &all[LOCKED])
      region_discard(worker, one);
    break;
  case 1:
    lock_some(worker, &all[LOCKED]);
    break;
  case 2:
  case 3:
    region_protect(worker, &all[below(worker, 2) ? UNREADABLE : FROM_FILE]);
    break;
  case 4:
    if (below(worker, 16) == 0)
      grow_down(&all[DOWNWARD]);
    break;
  case 5:
    doing("deep in the stack");
    if (below(worker, 8) == 0)
      descend(worker, below(worker, STACK_PAGES));
    break;
  default:
    region_write_some(worker, one);
    break;
  }
}

static void look_private(struct worker *worker) {
  struct region *all = worker->own;
  for (size_t r = 0; r < KINDS; r++)
    region_look(&all[r], 32);
}

static void verify_private(struct worker *worker) {
  struct region *all = worker->own;
  for (size_t r = 0; r < KINDS; r++)
    region_verify(&all[r]);
}

static const struct kind private_kind = {start_private, operate_private, look_private,
                                         verify_private};

static void setup_private(int argc, char **argv) {
  start_processes(&private_kind, adversary_options(argc, argv, 500, 8), 1);
}

const struct workload mapping_adversaries[] = {
    {"adversary-remap", "maps, unmaps, remaps, protects and discards memory at random", setup_remap,
     check_workers, verify_workers, .verify = verify_workers},
    {"adversary-thp", "huge pages, split, collapsed, discarded", setup_thp, check_workers,
     verify_workers, .verify = verify_workers},
    {"adversary-private",
     "private files, a sparse giant, locked, unreadable, growing memory, stack", setup_private,
     check_workers, verify_workers, .verify = verify_workers},
    {0},
};
