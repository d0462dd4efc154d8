#include "regions.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

enum { RW = PROT_READ | PROT_WRITE };
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* A part of a region. */
struct range {
  size_t from, length;
};

uint8_t *region_at(const struct region *region, size_t i) {
  return region->base + (ptrdiff_t)i * region->stride;
}

static struct entry blank(const struct region *region) {
  return (struct entry){.generation = region->behind, .protection = RW};
}

static void *map_pages(void *at, size_t pages, int flags) {
  void *memory = mmap(at, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  if (memory == MAP_FAILED)
    fail("mmap of %zu pages: %s", pages, strerror(errno));
  return memory;
}

struct region region_around(void *base, ptrdiff_t stride, size_t pages, uint32_t behind) {
  struct region region = {.base = base, .stride = stride, .space = new_space(), .behind = behind};
  book_open(&region.book, pages, blank(&region));
  return region;
}

struct region region_map(size_t pages, size_t alignment) {
  size_t spare = alignment / PAGE - 1;
  uint8_t *base = map_pages(NULL, pages + spare, 0);
  if (spare > 0) {
    uint8_t *start = (uint8_t *)(((uintptr_t)base + alignment - 1) & ~(alignment - 1));
    if (start > base)
      must(munmap(base, (size_t)(start - base)));
    uint8_t *end = base + (pages + spare) * PAGE, *wanted = start + pages * PAGE;
    if (end > wanted)
      must(munmap(wanted, (size_t)(end - wanted)));
    base = start;
  }
  struct region region = region_around(base, PAGE, pages, 0);
  return region;
}

void region_unmap(struct region *region) {
  must(munmap(region->base, region->book.length * PAGE));
  book_close(&region->book);
  *region = (struct region){0};
}

void region_write(struct region *region, size_t i) {
  struct entry entry = book_get(&region->book, i);
  if (entry.protection != RW)
    return;
  entry.generation++;
  entry.may_be_zero = 0;
  page_write(region_at(region, i), region->space, region->first + i, entry.generation);
  book_set(&region->book, i, entry);
}

void region_check(const struct region *region, size_t i) {
  struct entry entry = book_get(&region->book, i);
  const uint8_t *at = region_at(region, i);
  if (!(entry.protection & PROT_READ))
    return;
  if (entry.may_be_zero && !page_judge(at, region->space, region->first + i, 0))
    return;
  expect_page(at, region->space, region->first + i, entry.generation);
}

void region_look(struct region *region, size_t pages) {
  for (size_t i = 0; i < pages && i < region->book.length; i++)
    region_check(region, region->next++ % region->book.length);
}

static void protect(struct region *region, struct range range, int protection) {
  must(mprotect(region_at(region, range.from), range.length * PAGE, protection));
}

void region_verify(struct region *region) {
  book_check(&region->book);
  for (size_t i = 0; i < region->book.length; i++) {
    struct entry entry = book_get(&region->book, i);
    if (entry.protection & PROT_READ) {
      region_check(region, i);
      continue;
    }
    struct entry opened = entry;
    opened.protection = PROT_READ;
    protect(region, (struct range){i, 1}, PROT_READ);
    book_set(&region->book, i, opened);
    region_check(region, i);
    book_set(&region->book, i, entry);
    protect(region, (struct range){i, 1}, entry.protection);
  }
}

bool region_plain(const struct region *region) {
  for (size_t i = 0; i < region->book.length; i++)
    if (book_get(&region->book, i).protection != RW)
      return false;
  return true;
}

static struct range some(struct worker *worker, const struct region *region, size_t most) {
  size_t from = below(worker, region->book.length);
  if (region->stride != PAGE)
    most = 1;
  size_t length = 1 + below(worker, most);
  if (length > region->book.length - from)
    length = region->book.length - from;
  return (struct range){from, length};
}

static void note(struct region *region, struct range range, struct entry entry) {
  for (size_t i = range.from; i < range.from + range.length; i++)
    book_set(&region->book, i, entry);
}

void region_write_some(struct worker *worker, struct region *region) {
  doing("write");
  struct range range = some(worker, region, 8);
  for (size_t i = range.from; i < range.from + range.length; i++) {
    region_check(region, i);
    region_write(region, i);
  }
}

void region_discard(struct worker *worker, struct region *region) {
  doing("MADV_DONTNEED");
  struct range range = some(worker, region, 32);
  must(madvise(region_at(region, range.from), range.length * PAGE, MADV_DONTNEED));
  for (size_t i = range.from; i < range.from + range.length; i++) {
    struct entry entry = book_get(&region->book, i);
    entry.generation = region->behind;
    entry.may_be_zero = 0;
    book_set(&region->book, i, entry);
    if (i % 4 == 0) /* these come back by being read, the others stay away */
      region_check(region, i);
  }
}

/* After MADV_FREE a page is what it was or zeros, until it is written again. */
static void set_free(struct worker *worker, struct region *region) {
  doing("MADV_FREE");
  struct range range = some(worker, region, 32);
  must(madvise(region_at(region, range.from), range.length * PAGE, MADV_FREE));
  for (size_t i = range.from; i < range.from + range.length; i++) {
    struct entry entry = book_get(&region->book, i);
    entry.may_be_zero = 1;
    book_set(&region->book, i, entry);
  }
}

void region_protect(struct worker *worker, struct region *region) {
  static const int protections[] = {PROT_NONE, PROT_READ, RW, RW};
  doing("mprotect");
  struct range range = some(worker, region, 16);
  int protection = protections[below(worker, 4)];
  protect(region, range, protection);
  region->pieces = true; /* even when all are alike again, the kernel need not join them */
  for (size_t i = range.from; i < range.from + range.length; i++) {
    struct entry entry = book_get(&region->book, i);
    entry.protection = (uint16_t)protection;
    book_set(&region->book, i, entry);
    region_check(region, i);
  }
}

/* A program may rely on it that memory it got in one piece can be moved in one piece. */
static void resize(struct worker *worker, struct region *region) {
  doing("mremap to another size");
  if (region->pieces)
    return;
  size_t pages = 1 + below(worker, worker->pages);
  void *moved = mremap(region->base, region->book.length * PAGE, pages * PAGE, MREMAP_MAYMOVE);
  if (moved == MAP_FAILED)
    fail("mremap %p from %zu to %zu pages: %s", (void *)region->base, region->book.length, pages,
         strerror(errno));
  region->base = moved;
  book_cut(&region->book, 0, pages, blank(region));
}

static void move(struct worker *worker, struct region *region, int flags) {
  doing(flags & MREMAP_DONTUNMAP ? "mremap, leaving an empty mapping" : "mremap elsewhere");
  if (region->pieces)
    return;
  size_t bytes = region->book.length * PAGE;
  /* what lies at the new place before has content, too */
  uint8_t *place = map_pages(NULL, region->book.length, 0);
  page_write(place, 1, 2, 3);
  void *moved = mremap(region->base, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED | flags, place);
  if (moved == MAP_FAILED)
    fail("mremap %p, %zu pages, to %p: %s", (void *)region->base, region->book.length,
         (void *)place, strerror(errno));
  if (flags & MREMAP_DONTUNMAP) {
    expect_page(region->base, 0, 0, 0);
    page_write(region->base, 4, 5, 6);
    must(munmap(region->base, bytes));
  }
  region->base = moved;
}

static void trim(struct worker *worker, struct region *region) {
  doing("munmap of one end");
  size_t length = region->book.length, gone = below(worker, length / 2 + 1);
  if (gone == 0)
    return;
  bool head = below(worker, 2) == 0;
  must(munmap(head ? region->base : region_at(region, length - gone), gone * PAGE));
  book_cut(&region->book, head ? gone : 0, length - gone, blank(region));
  if (head) {
    region->base += gone * PAGE;
    region->first += gone;
  }
}

static void split(struct worker *worker, struct region *region, struct region *other) {
  doing("munmap in the middle");
  size_t length = region->book.length;
  if (other->base || length < 3)
    return;
  size_t hole = 1 + below(worker, length - 2);
  *other = *region;
  other->book = (struct book){0};
  book_open(&other->book, length - hole - 1, blank(region));
  for (size_t i = 0; i < other->book.length; i++)
    book_set(&other->book, i, book_get(&region->book, hole + 1 + i));
  other->base = region_at(region, hole + 1);
  other->first = region->first + hole + 1;
  must(munmap(region_at(region, hole), PAGE));
  book_cut(&region->book, 0, hole, blank(region));
}

static void map_over(struct worker *worker, struct region *region) {
  doing("mmap over a part");
  struct range range = some(worker, region, 32);
  map_pages(region_at(region, range.from), range.length, MAP_FIXED);
  region->pieces = true;
  note(region, range, blank(region));
}

static void populate(struct worker *worker, struct region *region) {
  doing("MADV_POPULATE_WRITE");
  if (!region_plain(region))
    return;
  struct range range = some(worker, region, 32);
  if (madvise(region_at(region, range.from), range.length * PAGE, MADV_POPULATE_WRITE) < 0 &&
      errno != EINVAL)
    fail("MADV_POPULATE_WRITE: %s", strerror(errno));
  for (size_t i = range.from; i < range.from + range.length; i++)
    region_check(region, i);
}

void region_change(struct worker *worker, struct region *region, struct region *other) {
  switch (below(worker, 16)) {
  case 0:
    resize(worker, region);
    break;
  case 1:
    move(worker, region, 0);
    break;
  case 2:
    move(worker, region, MREMAP_DONTUNMAP);
    break;
  case 3:
    region_discard(worker, region);
    break;
  case 4:
    set_free(worker, region);
    break;
  case 5:
  case 6:
    region_protect(worker, region);
    break;
  case 7:
    trim(worker, region);
    break;
  case 8:
    split(worker, region, other);
    break;
  case 9:
    map_over(worker, region);
    break;
  case 10:
    populate(worker, region);
    break;
  case 11:
    doing("munmap");
    region_unmap(region);
    break;
  default:
    region_write_some(worker, region);
    break;
  }
}
