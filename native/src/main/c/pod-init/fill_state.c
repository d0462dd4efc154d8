#include "fill_state.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

static uint64_t whole_pages(uint64_t bytes) {
  return (bytes + FILL_PAGE - 1) / FILL_PAGE * FILL_PAGE;
}

static uint64_t header_bytes(void) {
  return whole_pages(sizeof(struct fill_state));
}

void fill_chaos(void) {
  static unsigned seed;
  const char *text = getenv("FILL_CHAOS");
  uint64_t rarity;
  if (text == NULL || !parse_number(text, 10, INT32_MAX, &rarity) || rarity == 0) return;
  struct timespec now;
  if (seed == 0 && clock_gettime(CLOCK_MONOTONIC, &now) == 0) seed = (unsigned)now.tv_nsec;
  if ((uint64_t)rand_r(&seed) % rarity == 0) kill(getpid(), SIGKILL);
}

struct fill_state *fill_state_make(void) {
  cleanup_fd int fd = memfd_create("pod-fill", MFD_CLOEXEC);
  if (fd < 0 || ftruncate(fd, (off_t)header_bytes()) < 0) return NULL;
  struct fill_state *state = mmap(NULL, header_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
  if (state == MAP_FAILED) return NULL;
  state->self = steal_fd(&fd);
  state->watch_holder = state->watch_worker = state->directory = -1;
  state->criu_listener = state->criu = state->agent_listener = state->agent = -1;
  return state;
}

int fill_state_size(struct fill_state *state, uint64_t max_pages) {
  state->bitmap_offset = whole_pages(FILL_MOVES * sizeof(struct fill_move));
  state->stride = state->bitmap_offset + whole_pages((max_pages + 63) / 64 * 8 + 8);
  return ftruncate(state->self, (off_t)(header_bytes() + state->stride * FILL_SPACES));
}

char *fill_state_areas(const struct fill_state *state) {
  void *areas =
      mmap(NULL, state->stride * FILL_SPACES, PROT_READ | PROT_WRITE, MAP_SHARED, state->self, (off_t)header_bytes());
  return areas == MAP_FAILED ? NULL : areas;
}

void fill_state_wipe(const struct fill_state *state, uint32_t space) {
  fallocate(state->self, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(header_bytes() + space * state->stride),
            (off_t)state->stride);
}

uint32_t fill_state_free_space(const struct fill_state *state) {
  uint32_t space = 0;
  while (space < FILL_SPACES && state->spaces[space].phase != SPACE_FREE)
    space++;
  return space;
}

uint64_t fill_next_missing(const uint64_t *gone, uint64_t from, uint64_t end) {
  while (from < end) {
    uint64_t missing = ~gone[from / 64] >> from % 64;
    if (missing != 0) {
      from += (uint64_t)__builtin_ctzll(missing);
      return from < end ? from : end;
    }
    from = (from / 64 + 1) * 64;
  }
  return end;
}
