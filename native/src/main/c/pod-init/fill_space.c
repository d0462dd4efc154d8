#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "filler.h"

/* Within the addresses of every process, whatever its size; the kernel refuses less than mmap_min_addr. */
enum { LOWEST = 1 << 20 };
#define HIGHEST (UINT64_C(1) << 47)

void fill_mark_gone(struct filler *filler, uint32_t space, uint64_t ordinal, uint64_t pages) {
  uint64_t *gone = fill_gone(filler->state, filler->areas, space);
  for (uint64_t end = ordinal + pages; ordinal < end; ordinal++) {
    if (fill_is_gone(gone, ordinal)) continue;
    gone[ordinal / 64] |= UINT64_C(1) << ordinal % 64;
    filler->left[space]--;
  }
}

void fill_count_left(struct filler *filler, uint32_t space) {
  const uint64_t *gone = fill_gone(filler->state, filler->areas, space);
  uint64_t pages = fill_pages(filler, space), left = pages;
  for (uint64_t word = 0; word * 64 < pages; word++)
    left -= (uint64_t)__builtin_popcountll(gone[word]);
  filler->left[space] = left;
}

static void punch(struct filler *filler, uint64_t word) {
  const uint64_t bytes = UINT64_C(64) * FILL_PAGE;
  fallocate(filler->store_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(word * bytes), (off_t)bytes);
}

static bool needed(const struct filler *filler, uint32_t task, uint64_t ordinal) {
  for (uint32_t i = 0; i < filler->state->top; i++) {
    const struct space *space = filler->state->spaces + i;
    if (space->phase == SPACE_LIVE && space->task == task &&
        !fill_is_gone(fill_gone(filler->state, filler->areas, i), ordinal))
      return true;
  }
  return false;
}

void fill_release(struct filler *filler, uint32_t task, uint64_t ordinal, uint64_t pages) {
  for (uint64_t end = ordinal + pages; ordinal < end; ordinal++) {
    uint32_t slot = fill_index_slot(&filler->index, task, ordinal);
    if (!fill_slot_stored(slot) || (slot & FILL_SHARED) != 0 || slot >= filler->store_pages) continue;
    uint64_t *word = filler->released + slot / 64, bit = UINT64_C(1) << slot % 64;
    if ((*word & bit) != 0 || needed(filler, task, ordinal)) continue;
    *word |= bit;
    /* Whole 256 KiB only: a hole costs a system call and the store's mapping. */
    if (*word == UINT64_MAX) punch(filler, slot / 64);
  }
}

void fill_release_unused(struct filler *filler) {
  size_t words = fill_words(filler->store_pages);
  uint64_t *used = xrealloc(NULL, words, sizeof *used);
  memset(used, 0, words * sizeof *used);
  bool remote = false;
  for (uint32_t task = 0; task < filler->index.header->tasks; task++)
    for (uint64_t ordinal = 0; ordinal < filler->index.tasks[task].pages; ordinal++) {
      uint32_t slot = fill_index_slot(&filler->index, task, ordinal);
      remote |= slot == FILL_REMOTE;
      slot &= ~FILL_SHARED;
      if (slot < filler->store_pages) used[slot / 64] |= UINT64_C(1) << slot % 64;
    }
  /* Which slots the pages that are still to come will have is not known. */
  for (size_t word = 0; word < words && !remote; word++) {
    if (~used[word] == 0 || filler->released[word] == UINT64_MAX) continue;
    filler->released[word] |= ~used[word];
    if (filler->released[word] == UINT64_MAX) punch(filler, word);
  }
  free(used);
}

void fill_wake_all(struct filler *filler, uint32_t space) {
  struct uffdio_range range = {.start = LOWEST, .len = HIGHEST - FILL_PAGE - LOWEST};
  ioctl(filler->state->spaces[space].uffd, UFFDIO_WAKE, &range);
}

bool fill_space_alive(struct filler *filler, uint32_t space) {
  /* From a page that cannot be read, so that nothing is ever copied: the kernel looks for the process first. */
  struct uffdio_copy copy = {.dst = HIGHEST - 2 * FILL_PAGE, .src = (uintptr_t)filler->nowhere, .len = FILL_PAGE};
  return ioctl(filler->state->spaces[space].uffd, UFFDIO_COPY, &copy) == 0 || errno != ESRCH;
}

void fill_end_space(struct filler *filler, uint32_t index, bool dead) {
  struct space *space = filler->state->spaces + index;
  space->dead = dead;
  settle();
  space->phase = SPACE_OVER;
  settle();
  filler->left[index] = 0;
  if (space->uffd >= 0) {
    /* CRIU may not have closed its own yet: out of the epoll it does not fall by itself. */
    fill_unwatch(filler, space->uffd);
    close(space->uffd);
  }
  settle();
  space->uffd = -1;
  size_t kept = 0;
  for (size_t i = 0; i < filler->fault_count; i++)
    if (filler->faults[i].space != index) filler->faults[kept++] = filler->faults[i];
  filler->fault_count = kept;
  fill_state_wipe(filler->state, index);
  settle();
  /* A task's own stays, so that it is known to have come. */
  if (space->forked) space->phase = SPACE_FREE;
}
