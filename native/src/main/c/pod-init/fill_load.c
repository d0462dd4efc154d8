#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "filler.h"

static const char STAGE[] = "load";

static int open_store(struct filler *filler, struct failure *why) {
  struct stat status;
  cleanup_fd int fd = openat(filler->state->directory, "store", O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &status) < 0) return fail(why, STAGE, errno, "store");
  uint64_t pages = (uint64_t)status.st_size / FILL_PAGE;
  /* One page more than there is, for a store that is empty yet. */
  void *store = mmap(NULL, (pages + 1) * FILL_PAGE, PROT_READ, MAP_SHARED, fd, 0);
  if (store == MAP_FAILED) return fail(why, STAGE, errno, "mapping the store");
  filler->store = store;
  filler->store_pages = pages;
  filler->store_fd = steal_fd(&fd);
  return 0;
}

static int open_index(struct filler *filler, struct failure *why) {
  cleanup_fd int fd = openat(filler->state->directory, "index", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return fail(why, STAGE, errno, "index");
  return fill_index_open(&filler->index, fd, filler->store_pages, why);
}

static int open_areas(struct filler *filler, struct failure *why) {
  struct fill_state *state = filler->state;
  if (!state->loaded && fill_state_size(state, filler->index.max_pages) < 0)
    return fail(why, STAGE, errno, "room for the state");
  filler->areas = fill_state_areas(state);
  if (filler->areas == NULL) return fail(why, STAGE, errno, "mapping the state");
  void *nowhere = mmap(NULL, FILL_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (nowhere == MAP_FAILED) return fail(why, STAGE, errno, "a page");
  filler->nowhere = nowhere;
  return 0;
}

static void unload(struct filler *filler) {
  if (filler->nowhere != NULL) munmap(filler->nowhere, FILL_PAGE);
  if (filler->areas != NULL) munmap(filler->areas, filler->state->stride * FILL_SPACES);
  fill_index_close(&filler->index);
  if (filler->store != NULL) munmap((void *)filler->store, (filler->store_pages + 1) * FILL_PAGE);
  filler->nowhere = filler->areas = NULL;
  filler->store = NULL;
}

int fill_load(struct filler *filler, struct failure *why) {
  if (open_store(filler, why) < 0) return -1;
  if (open_index(filler, why) < 0 || open_areas(filler, why) < 0) {
    unload(filler);
    util_close(&filler->store_fd);
    return -1;
  }
  filler->released = xrealloc(NULL, fill_words(filler->store_pages), sizeof *filler->released);
  memset(filler->released, 0, fill_words(filler->store_pages) * sizeof *filler->released);
  if (filler->state->go) fill_release_unused(filler);
  filler->left = xrealloc(NULL, FILL_SPACES, sizeof *filler->left);
  for (size_t i = 0; i < FILL_SPACES; i++)
    filler->left[i] = 0;
  settle();
  filler->state->loaded = true;
  return 0;
}

void fill_admit(struct filler *filler, uint32_t index) {
  struct space *space = filler->state->spaces + index;
  if (filler->areas == NULL) return;
  if (!space->forked) {
    int task = fill_index_task(&filler->index, space->vpid);
    space->task = task < 0 ? UINT32_MAX : (uint32_t)task;
    if (task < 0) {
      /* Not served at all: what it faults on could only be guessed. */
      space->lost = true;
      filler->left[index] = UINT64_MAX;
      fill_tell_error(filler, "task %u is not in the index", space->vpid);
      return;
    }
  }
  fill_count_left(filler, index);
  fill_watch(filler, space->uffd, WATCH_SPACE, index);
  fill_sweep_again(filler);
}

void fill_shed(struct filler *filler) {
  unload(filler);
  free(filler->released);
  free(filler->left);
  free(filler->faults);
}
