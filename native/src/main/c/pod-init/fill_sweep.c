/* The background: everything that nobody has asked for yet, in pieces. */
#include "filler.h"

enum {
  PIECE = 64,   /* pages in one copy: 256 KiB, so that a fault never waits long */
  GLANCE = 8192 /* pages that are looked at, in one piece, without copying any */
};

void fill_sweep_again(struct filler *filler) {
  filler->sweep.space = 0;
  filler->sweep.ordinal = 0;
  filler->sweep.resting = false;
  filler->sweep.missed = false;
}

static void drop_unreachable(struct filler *filler, uint32_t space, uint64_t ordinal) {
  fill_mark_gone(filler, space, ordinal, 1);
}

/* Fills from *ordinal on, up to `end`, until one copy was made. False: the mappings are changing, come again. */
static bool advance(struct filler *filler, uint32_t space, uint64_t *ordinal, uint64_t end, bool *copied) {
  const uint64_t *gone = fill_gone(filler->state, filler->areas, space);
  uint32_t task = filler->state->spaces[space].task;
  for (int looked = 0; looked < GLANCE; looked++) {
    *ordinal = fill_next_missing(gone, *ordinal, end);
    if (*ordinal >= end) return true;
    uint32_t slot = fill_index_slot(&filler->index, task, *ordinal);
    if (!fill_slot_stored(slot)) {
      /* A page of zeros is filled by whoever faults on it. */
      if (slot == FILL_ZERO) fill_mark_gone(filler, space, *ordinal, 1);
      ++*ordinal;
      continue;
    }
    uint64_t address, most = end - *ordinal < PIECE ? end - *ordinal : PIECE;
    uint64_t pages = fill_extent(filler, space, *ordinal, most, &address);
    if (pages == 0) {
      drop_unreachable(filler, space, *ordinal);
      continue;
    }
    *copied = true;
    switch (fill_copy(filler, space, address, *ordinal, pages)) {
      case COPY_LATER:
        filler->sweep.later = true;
        return false;
      case COPY_DEAD:
        fill_end_space(filler, space, true);
        *ordinal = end;
        return true;
      case COPY_ABSENT:
        filler->sweep.missed = true;
        break;
      case COPY_BROKEN:
        filler->sweep.resting = true;
        return true;
      case COPIED:
      case COPY_REMOTE:
      default:
        break;
    }
    *ordinal += pages;
    return true;
  }
  *copied = true;
  return true;
}

/* One step through the hot list: each of its ranges in every space it belongs to. */
static bool sweep_hot(struct filler *filler) {
  const struct fill_hot *hot = filler->index.hot + filler->sweep.hot;
  bool copied = false;
  for (; filler->sweep.space < filler->state->top; filler->sweep.space++, filler->sweep.ordinal = 0) {
    const struct space *space = filler->state->spaces + filler->sweep.space;
    if (space->phase != SPACE_LIVE || space->vpid != hot->vpid || space->lost) continue;
    uint64_t end = hot->ordinal + hot->pages;
    if (filler->sweep.ordinal < hot->ordinal) filler->sweep.ordinal = hot->ordinal;
    if (!advance(filler, filler->sweep.space, &filler->sweep.ordinal, end, &copied) || copied) return true;
  }
  filler->sweep.hot++;
  filler->sweep.space = 0;
  filler->sweep.ordinal = 0;
  return true;
}

bool fill_sweep(struct filler *filler) {
  if (!filler->state->go || !filler->state->loaded || filler->sweep.resting) return false;
  if (filler->sweep.hot < filler->index.header->hot_count) return sweep_hot(filler);
  bool copied = false;
  for (; filler->sweep.space < filler->state->top; filler->sweep.space++, filler->sweep.ordinal = 0) {
    const struct space *space = filler->state->spaces + filler->sweep.space;
    if (space->phase != SPACE_LIVE || space->lost) continue;
    uint64_t end = fill_pages(filler, filler->sweep.space);
    if (!advance(filler, filler->sweep.space, &filler->sweep.ordinal, end, &copied) || copied) return true;
  }
  filler->sweep.resting = true;
  return true;
}

void fill_arrived(struct filler *filler, uint32_t vpid, uint64_t address, uint64_t pages) {
  int task = fill_index_task(&filler->index, vpid);
  const struct fill_run *run = task < 0 ? NULL : fill_index_at(&filler->index, (uint32_t)task, address);
  if (run == NULL || !filler->state->go) return;
  uint64_t first = run->first_ordinal + (address - run->address) / FILL_PAGE, end = run->first_ordinal + run->pages;
  if (end - first > pages) end = first + pages;
  bool rests = filler->sweep.resting, broken = false;
  for (uint32_t i = 0; i < filler->state->top && !broken; i++) {
    const struct space *space = filler->state->spaces + i;
    bool copied;
    uint64_t ordinal = first;
    filler->sweep.resting = false;
    while (ordinal < end && !broken && space->phase == SPACE_LIVE && space->task == (uint32_t)task && !space->lost) {
      if (!advance(filler, i, &ordinal, end, &copied)) {
        filler->sweep.missed = true; /* mappings are changing: a sweep finds it */
        break;
      }
      broken = filler->sweep.resting;
    }
  }
  filler->sweep.resting = rests || broken;
}
