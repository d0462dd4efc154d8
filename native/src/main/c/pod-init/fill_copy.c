#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "filler.h"

/* How many pages a fault brings with it. */
enum { AROUND = 16 };

/* Whether the store reaches that far. With post-copy it may have grown. */
static bool stored(struct filler *filler, uint64_t slot) {
  struct stat status;
  if (slot < filler->store_pages) return true;
  if (fstat(filler->store_fd, &status) < 0) return false;
  uint64_t pages = (uint64_t)status.st_size / FILL_PAGE;
  if (slot >= pages) return false;
  size_t words = fill_words(filler->store_pages), grown = fill_words(pages);
  void *base =
      mremap((void *)filler->store, (filler->store_pages + 1) * FILL_PAGE, (pages + 1) * FILL_PAGE, MREMAP_MAYMOVE);
  if (base == MAP_FAILED) return false;
  filler->store = base;
  filler->released = xrealloc(filler->released, grown, sizeof *filler->released);
  memset(filler->released + words, 0, (grown - words) * sizeof *filler->released);
  filler->store_pages = pages;
  return true;
}

uint64_t fill_extent(struct filler *filler, uint32_t space, uint64_t ordinal, uint64_t most, uint64_t *address) {
  struct fill_state *state = filler->state;
  uint32_t task = state->spaces[space].task;
  const uint64_t *gone = fill_gone(state, filler->areas, space);
  const struct fill_run *run = fill_index_of(&filler->index, task, ordinal);
  uint64_t into = ordinal - run->first_ordinal, span = (run->pages - into) * FILL_PAGE;
  *address = run->address + into * FILL_PAGE;
  if (!fill_current(fill_moves(state, filler->areas, space), state->spaces[space].moves, address, &span)) return 0;
  if (most > span / FILL_PAGE) most = span / FILL_PAGE;
  uint32_t slot = fill_index_slot(&filler->index, task, ordinal) & ~FILL_SHARED;
  uint64_t pages = 1;
  while (pages < most && !fill_is_gone(gone, ordinal + pages)) {
    uint32_t next = fill_index_slot(&filler->index, task, ordinal + pages);
    if (!fill_slot_stored(next) || (next & ~FILL_SHARED) != slot + pages) break;
    pages++;
  }
  return pages;
}

static void wake(const struct space *space, uint64_t address, uint64_t pages) {
  struct uffdio_range range = {.start = address, .len = pages * FILL_PAGE};
  ioctl(space->uffd, UFFDIO_WAKE, &range);
}

/* There is something at this address, or nothing will ever be. */
static enum copied settled(struct filler *filler, uint32_t space, uint64_t address, uint64_t ordinal) {
  fill_mark_gone(filler, space, ordinal, 1);
  wake(filler->state->spaces + space, address, 1);
  return COPIED;
}

static enum copied broken(struct filler *filler, uint32_t space, const char *what) {
  if (!filler->told_broken)
    fill_tell_error(filler, "task %u: %s: %s", filler->state->spaces[space].vpid, what, strerror(errno));
  filler->told_broken = true;
  return COPY_BROKEN;
}

/* The range is not within one mapping. Where it is a single page, that is not mapped at all. */
static enum copied unmapped(struct filler *filler, uint32_t space, uint64_t address, uint64_t ordinal, uint64_t pages) {
  if (pages == 1) {
    if (filler->state->finished) return settled(filler, space, address, ordinal);
    wake(filler->state->spaces + space, address, 1);
    return COPY_ABSENT;
  }
  enum copied first = fill_copy(filler, space, address, ordinal, pages / 2);
  if (first != COPIED) return first;
  return fill_copy(filler, space, address + pages / 2 * FILL_PAGE, ordinal + pages / 2, pages - pages / 2);
}

enum copied fill_copy(struct filler *filler, uint32_t space, uint64_t address, uint64_t ordinal, uint64_t pages) {
  const struct space *target = filler->state->spaces + space;
  uint64_t slot = fill_index_slot(&filler->index, target->task, ordinal) & ~FILL_SHARED;
  if (!stored(filler, slot + pages - 1)) {
    errno = ERANGE;
    return broken(filler, space, "the store is too short");
  }
  if (pages > 1) madvise((void *)(filler->store + slot * FILL_PAGE), pages * FILL_PAGE, MADV_POPULATE_READ);
  bool refused = false;
  while (pages > 0) {
    struct uffdio_copy copy = {
        .dst = address, .src = (uintptr_t)filler->store + slot * FILL_PAGE, .len = pages * FILL_PAGE};
    int failed = ioctl(target->uffd, UFFDIO_COPY, &copy);
    settle();
    uint64_t done = failed == 0 ? pages : copy.copy > 0 ? (uint64_t)copy.copy / FILL_PAGE : 0;
    if (done > 0) {
      fill_mark_gone(filler, space, ordinal, done);
      fill_release(filler, target->task, ordinal, done);
      filler->state->copied += done;
    } else if (errno == EEXIST) {
      settled(filler, space, address, ordinal);
      fill_release(filler, target->task, ordinal, 1);
      done = 1;
    } else if (errno == ENOENT) {
      /* The kernel looks for the mapping before it looks, for good, whether one is being moved, so that the first
       * refusal may be due to a move of which no message was read. Then the second is EAGAIN, until that is read. */
      if (pages == 1 && !refused) {
        refused = true;
        continue;
      }
      return unmapped(filler, space, address, ordinal, pages);
    } else if (errno == ESRCH) {
      return COPY_DEAD;
    } else if (errno == EAGAIN || errno == ENOMEM) {
      return COPY_LATER;
    } else {
      return broken(filler, space, "UFFDIO_COPY");
    }
    address += done * FILL_PAGE;
    ordinal += done;
    slot += done;
    refused = false;
    pages -= done;
  }
  return COPIED;
}

static enum copied zero(struct filler *filler, uint32_t space, uint64_t address) {
  const struct space *target = filler->state->spaces + space;
  struct uffdio_zeropage page = {.range = {.start = address, .len = FILL_PAGE}};
  if (ioctl(target->uffd, UFFDIO_ZEROPAGE, &page) == 0) return COPIED;
  switch (errno) {
    case EEXIST:
    case ENOENT: /* unmapped meanwhile: who waits will find out */
      wake(target, address, 1);
      return COPIED;
    case ESRCH:
      return COPY_DEAD;
    case EAGAIN:
    case ENOMEM:
      return COPY_LATER;
    default:
      return broken(filler, space, "UFFDIO_ZEROPAGE");
  }
}

enum copied fill_serve(struct filler *filler, uint32_t space, uint64_t address) {
  struct fill_state *state = filler->state;
  uint32_t task = state->spaces[space].task;
  uint64_t origin = address, span = AROUND * FILL_PAGE, target;
  if (!fill_origin(fill_moves(state, filler->areas, space), state->spaces[space].moves, &origin, &span))
    return zero(filler, space, address);
  const struct fill_run *run = fill_index_at(&filler->index, task, origin);
  if (run == NULL) return zero(filler, space, address);
  uint64_t ordinal = run->first_ordinal + (origin - run->address) / FILL_PAGE;
  if (fill_is_gone(fill_gone(state, filler->areas, space), ordinal)) return zero(filler, space, address);
  uint32_t slot = fill_index_slot(&filler->index, task, ordinal);
  if (slot == FILL_REMOTE) return COPY_REMOTE;
  if (slot == FILL_ZERO) {
    enum copied result = zero(filler, space, address);
    if (result == COPIED) fill_mark_gone(filler, space, ordinal, 1);
    return result;
  }
  uint64_t pages = fill_extent(filler, space, ordinal, span / FILL_PAGE, &target);
  if (pages == 0 || target != address) {
    /* Cannot be: both directions say the same. The page would go where it does not belong. */
    errno = ENOTRECOVERABLE;
    return broken(filler, space, "a page that was moved");
  }
  enum copied result = fill_copy(filler, space, address, ordinal, pages);
  return result == COPY_ABSENT ? COPIED : result;
}
