#include <string.h>
#include <sys/ioctl.h>

#include "filler.h"

/* So many messages of one space before the others get their turn. */
enum { AT_ONCE = 8 };

/* The part of a range that has one origin: calls `each` for its pages that the index knows. */
static void for_origins(struct filler *filler, uint32_t space, uint64_t start, uint64_t end,
                        void (*each)(struct filler *filler, uint32_t space, uint64_t ordinal, uint64_t pages)) {
  const struct fill_state *state = filler->state;
  uint32_t task = state->spaces[space].task;
  for (uint64_t address = start; address < end;) {
    uint64_t origin = address, span = end - address;
    bool known = fill_origin(fill_moves(state, filler->areas, space), state->spaces[space].moves, &origin, &span);
    uint64_t last = origin + span;
    address += span;
    while (known && origin < last) {
      const struct fill_run *run = fill_index_at(&filler->index, task, origin);
      if (run == NULL) {
        run = fill_index_after(&filler->index, task, origin);
        if (run == NULL || run->address >= last) break;
        origin = run->address;
      }
      uint64_t into = (origin - run->address) / FILL_PAGE, pages = (last - origin + FILL_PAGE - 1) / FILL_PAGE;
      if (pages > run->pages - into) pages = run->pages - into;
      each(filler, space, run->first_ordinal + into, pages);
      origin += pages * FILL_PAGE;
    }
  }
}

static void count_missing(struct filler *filler, uint32_t space, uint64_t ordinal, uint64_t pages) {
  const uint64_t *gone = fill_gone(filler->state, filler->areas, space);
  if (fill_next_missing(gone, ordinal, ordinal + pages) < ordinal + pages) filler->found_missing = true;
}

/* A move of pages that are all there needs not be remembered: its target is unknown already, or gone. */
static void moved(struct filler *filler, uint32_t index, const struct uffd_msg *message) {
  struct space *space = filler->state->spaces + index;
  uint64_t from = message->arg.remap.from, length = message->arg.remap.len;
  filler->found_missing = false;
  for_origins(filler, index, from, from + length, count_missing);
  if (!filler->found_missing) return;
  uint32_t count = filler->state->inbox.moves;
  if (count >= FILL_MOVES) {
    /* Where its pages belong is not known any more. It blocks at the next fault, which is better than zeros. */
    fill_tell_error(filler, "task %u: more than %d moves of memory", space->vpid, FILL_MOVES);
    space->lost = true;
    return;
  }
  fill_moves(filler->state, filler->areas, index)[count] =
      (struct fill_move){.from = from, .to = message->arg.remap.to, .length = length};
  settle();
  space->moves = count + 1;
}

/* The child starts as a copy of its parent: the kernel lets no page be filled between the fork and this message. */
static void forked(struct filler *filler, uint32_t parent, const struct uffd_msg *message) {
  struct fill_state *state = filler->state;
  uint32_t index = state->inbox.child;
  if (index >= FILL_SPACES) {
    /* Its descriptor stays open, so that it blocks. */
    fill_tell_error(filler, "task %u: more than %d forks while it is filled", state->spaces[parent].vpid, FILL_SPACES);
    state->stuck = true;
    return;
  }
  struct space *child = state->spaces + index, *from = state->spaces + parent;
  if (child->phase == SPACE_FREE) {
    uint64_t bytes = (fill_pages(filler, parent) + 63) / 64 * 8;
    memcpy(fill_gone(state, filler->areas, index), fill_gone(state, filler->areas, parent), bytes);
    memcpy(fill_moves(state, filler->areas, index), fill_moves(state, filler->areas, parent),
           from->moves * sizeof(struct fill_move));
    *child = (struct space){.uffd = (int)message->arg.fork.ufd,
                            .vpid = from->vpid,
                            .task = from->task,
                            .moves = from->moves,
                            .lost = from->lost,
                            .forked = true};
    if (state->top <= index) state->top = index + 1;
    state->forks++;
    settle();
    child->phase = SPACE_LIVE;
  }
  fill_count_left(filler, index);
  fill_watch(filler, child->uffd, WATCH_SPACE, index);
  fill_sweep_again(filler);
}

static void wait_for(struct filler *filler, uint32_t space, uint64_t address, bool remote) {
  for (size_t i = 0; i < filler->fault_count; i++)
    if (filler->faults[i].space == space && filler->faults[i].address == address) return;
  if (filler->fault_count == filler->fault_room) {
    filler->fault_room = filler->fault_room * 2 + 64;
    filler->faults = xrealloc(filler->faults, filler->fault_room, sizeof *filler->faults);
  }
  filler->faults[filler->fault_count++] = (struct fault){.space = space, .remote = remote, .address = address};
}

static void faulted(struct filler *filler, uint32_t space, uint64_t address) {
  filler->state->faults++;
  if (filler->state->spaces[space].lost) return;
  switch (fill_serve(filler, space, address)) {
    case COPY_LATER:
      wait_for(filler, space, address, false);
      break;
    case COPY_REMOTE:
      wait_for(filler, space, address, true);
      break;
    case COPY_DEAD:
      fill_end_space(filler, space, true);
      break;
    case COPIED:
    case COPY_ABSENT:
    case COPY_BROKEN:
    default:
      break;
  }
}

static void handle(struct filler *filler, uint32_t space) {
  const struct uffd_msg *message = &filler->state->inbox.message;
  switch (message->event) {
    case UFFD_EVENT_PAGEFAULT:
      faulted(filler, space, message->arg.pagefault.address & ~(uint64_t)(FILL_PAGE - 1));
      break;
    case UFFD_EVENT_FORK:
      forked(filler, space, message);
      break;
    case UFFD_EVENT_REMAP:
      moved(filler, space, message);
      break;
    case UFFD_EVENT_REMOVE:
    case UFFD_EVENT_UNMAP:
      for_origins(filler, space, message->arg.remove.start, message->arg.remove.end, fill_mark_gone);
      break;
    default: /* nothing was read */
      break;
  }
  settle();
  filler->state->inbox.owner = 0;
}

void fill_finish_inbox(struct filler *filler) {
  if (filler->state->inbox.owner != 0) handle(filler, filler->state->inbox.owner - 1);
}

bool fill_events(struct filler *filler, uint32_t space) {
  struct inbox *inbox = &filler->state->inbox;
  for (int i = 0; i < AT_ONCE && filler->state->spaces[space].phase == SPACE_LIVE; i++) {
    memset(&inbox->message, 0, sizeof inbox->message);
    inbox->child = fill_state_free_space(filler->state);
    inbox->moves = filler->state->spaces[space].moves;
    settle();
    inbox->owner = space + 1;
    settle();
    /* One only: what comes after a fork must not be handled before it. */
    ssize_t got = read(filler->state->spaces[space].uffd, &inbox->message, sizeof inbox->message);
    settle();
    handle(filler, space);
    if (got <= 0) return filler->state->spaces[space].phase == SPACE_LIVE;
  }
  return false;
}

bool fill_retry(struct filler *filler, bool remote) {
  bool waiting = false;
  size_t kept = 0, count = filler->fault_count;
  struct fault *faults = filler->faults;
  /* What is served may end its space, and with it others of the list: not while it is walked. */
  filler->faults = NULL;
  filler->fault_count = filler->fault_room = 0;
  for (size_t i = 0; i < count; i++) {
    struct fault fault = faults[i];
    if (filler->state->spaces[fault.space].phase != SPACE_LIVE) continue;
    if (fault.remote && !remote) {
      faults[kept++] = fault;
      continue;
    }
    switch (fill_serve(filler, fault.space, fault.address)) {
      case COPY_LATER:
        fault.remote = false;
        waiting = true;
        faults[kept++] = fault;
        break;
      case COPY_REMOTE:
        fault.remote = true;
        faults[kept++] = fault;
        break;
      case COPY_DEAD:
        fill_end_space(filler, fault.space, true);
        break;
      case COPIED:
      case COPY_ABSENT:
      case COPY_BROKEN:
      default:
        break;
    }
  }
  free(filler->faults);
  filler->faults = faults;
  filler->fault_count = kept;
  filler->fault_room = count;
  return waiting;
}
