/* Private mappings whose every page is in a book, and what may be done to them. */
#ifndef REGIONS_H
#define REGIONS_H

#include "adversary.h"

struct region {
  uint8_t *base;    /* NULL: not there */
  ptrdiff_t stride; /* from one page of the book to the next; PAGE but for sparse ones */
  uint64_t space;
  uint64_t first; /* the number of the page at base */
  struct book book;
  uint32_t behind; /* the generation that shows when a page is discarded: 0, or a file's */
  size_t next;     /* to be looked at */
  bool pieces;     /* perhaps several mappings by now, which mremap does not take as one */
};

/* Anonymous memory, aligned to so many bytes. */
struct region region_map(size_t pages, size_t alignment);
void region_unmap(struct region *region);
/* One that is mapped already, and all of whose pages show generation `behind`. */
struct region region_around(void *base, ptrdiff_t stride, size_t pages, uint32_t behind);

void region_write(struct region *region, size_t i);
void region_check(const struct region *region, size_t i);
/* Verifies the next pages that can be read. */
void region_look(struct region *region, size_t pages);
/* Verifies all pages, those too that cannot be read now, and the book. */
void region_verify(struct region *region);
bool region_plain(const struct region *region); /* readable and writable all over */
uint8_t *region_at(const struct region *region, size_t i);

/* A random operation on a region that is there; `other` may take a part that is split off, where
 * it is not there. */
void region_change(struct worker *worker, struct region *region, struct region *other);
void region_discard(struct worker *worker, struct region *region);
void region_protect(struct worker *worker, struct region *region);
void region_write_some(struct worker *worker, struct region *region);

#endif
