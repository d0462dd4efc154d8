/* The worker's loop: whoever faults first, then one piece of the background, and so on. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <time.h>

#include "fill.h"
#include "filler.h"

enum { EVENTS = 64, IDLE_MS = 1000, ABSENT_MS = 5, CHANGING_MS = 1 };

void fill_watch(struct filler *filler, int fd, uint32_t kind, uint32_t which) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)kind << 32 | which};
  if (fd >= 0 && epoll_ctl(filler->epoll, EPOLL_CTL_ADD, fd, &event) < 0 && errno != EEXIST)
    fprintf(stderr, "pod-init: fill: epoll: %s\n", strerror(errno));
}

void fill_unwatch(struct filler *filler, int fd) {
  epoll_ctl(filler->epoll, EPOLL_CTL_DEL, fd, NULL);
}

void fill_close(struct filler *filler, int32_t *fd) {
  int closing = *fd;
  if (closing < 0) return;
  /* Forgotten first: a number that is closed may come to mean something else. */
  *fd = -1;
  settle();
  fill_unwatch(filler, closing);
  close(closing);
}

static void dispatch(struct filler *filler, uint32_t kind, uint32_t which) {
  switch (kind) {
    case WATCH_HOLDER:
      fill_unwatch(filler, filler->state->watch_holder);
      fill_replace_holder(filler);
      fill_watch(filler, filler->state->watch_holder, WATCH_HOLDER, 0);
      break;
    case WATCH_CRIU_LISTENER:
      fill_criu_accept(filler);
      break;
    case WATCH_CRIU:
      fill_criu_read(filler);
      break;
    case WATCH_AGENT_LISTENER:
      fill_agent_accept(filler);
      break;
    case WATCH_AGENT:
      if (filler->state->agent >= 0) fill_agent_read(filler);
      break;
    case WATCH_SPACE:
    default:
      fill_events(filler, which);
      break;
  }
}

/* A connection that a predecessor accepted, but had no time to note down. */
static bool adopt(struct fill_state *state, int fd) {
  struct sockaddr_un address = {0};
  socklen_t size = sizeof address;
  if (getsockname(fd, (struct sockaddr *)&address, &size) < 0 || address.sun_family != AF_UNIX) return false;
  int32_t *place = strcmp(address.sun_path, FILL_AGENT_SOCKET) == 0  ? &state->agent
                   : strcmp(address.sun_path, FILL_CRIU_SOCKET) == 0 ? &state->criu
                                                                     : NULL;
  /* One that is noted down is older: it is forgotten before it is closed. */
  if (place == NULL || (place == &state->criu && state->criu >= 0)) return false;
  if (place == &state->agent) state->greeted = false;
  *place = fd;
  return true;
}

/* A predecessor's own descriptors lie in the table too, where nobody knows them. Userfaultfds are never closed for
 * being unknown. */
static void close_unknown(struct fill_state *state) {
  DIR *directory = opendir("/proc/self/fd");
  if (directory == NULL) return;
  const int known[] = {dirfd(directory), state->watch_holder,  state->watch_worker,   state->self, state->directory, state->lock,
                       state->criu,      state->criu_listener, state->agent_listener, state->agent};
  struct dirent *entry;
  while ((entry = readdir(directory)) != NULL) {
    uint64_t fd;
    bool keep = !parse_number(entry->d_name, 10, INT32_MAX, &fd) || fd <= 2 || fill_is_userfault((int)fd);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
      keep |= known[i] == (int)fd;
    if (!keep && !adopt(state, (int)fd)) close((int)fd);
  }
  closedir(directory);
}

static void start_watching(struct filler *filler) {
  const struct fill_state *state = filler->state;
  filler->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (filler->epoll < 0) die_errno("epoll");
  fill_watch(filler, state->watch_holder, WATCH_HOLDER, 0);
  fill_watch(filler, state->criu_listener, WATCH_CRIU_LISTENER, 0);
  fill_watch(filler, state->criu, WATCH_CRIU, 0);
  fill_watch(filler, state->agent_listener, WATCH_AGENT_LISTENER, 0);
  fill_watch(filler, state->agent, WATCH_AGENT, 0);
}

/* Takes up whatever a predecessor had in its hands. */
static void take_over(struct filler *filler) {
  struct fill_state *state = filler->state;
  struct failure why;
  if (state->loaded && fill_load(filler, &why) < 0) {
    fill_tell_error(filler, "%s: %s: %s", why.stage, why.message, strerror(why.error));
    sleep(1);
    _exit(1);
  }
  for (uint32_t i = 0; i < state->top && filler->areas != NULL; i++) {
    struct space *space = state->spaces + i;
    /* It may have been closed without saying so, and the number may be something else by now. */
    if (space->phase == SPACE_OVER && space->uffd >= 0 && !fill_is_userfault(space->uffd)) space->uffd = -1;
    if (space->phase == SPACE_OVER && (space->forked || space->uffd >= 0)) fill_end_space(filler, i, space->dead);
    if (space->phase == SPACE_LIVE) fill_admit(filler, i);
  }
  if (filler->areas != NULL) fill_finish_inbox(filler);
  fill_finish_parcel(filler);
  fill_agent_greet(filler);
  /* Faults that were read but not served are known to nobody: they are to happen again. */
  for (uint32_t i = 0; i < state->top; i++)
    if (state->spaces[i].phase == SPACE_LIVE) fill_wake_all(filler, i);
}

static void end_complete(struct filler *filler) {
  struct fill_state *state = filler->state;
  if (!state->finished || filler->areas == NULL) return;
  for (uint32_t i = 0; i < state->top; i++)
    if (state->spaces[i].phase == SPACE_LIVE && filler->left[i] == 0 && fill_events(filler, i))
      fill_end_space(filler, i, false);
}

static void end_dead(struct filler *filler) {
  for (uint32_t i = 0; i < filler->state->top && filler->areas != NULL; i++)
    if (filler->state->spaces[i].phase == SPACE_LIVE && !fill_space_alive(filler, i)) fill_end_space(filler, i, true);
}

/* The agent is gone, and there is no CRIU to make a process that would need anything. */
static bool forsaken(const struct fill_state *state) {
  return state->met && state->agent < 0 && state->criu < 0 && state->top == 0 && !state->finished;
}

static bool all_over(const struct fill_state *state) {
  if (forsaken(state)) return true;
  if (state->stuck || !(state->finished || state->failed)) return false;
  for (uint32_t i = 0; i < state->top; i++)
    if (state->spaces[i].phase == SPACE_LIVE) return false;
  return true;
}

static int patience(const struct filler *filler, bool waiting, bool swept) {
  if (waiting || filler->sweep.later) return CHANGING_MS;
  if (swept) return 0;
  if (filler->sweep.missed) return ABSENT_MS;
  return IDLE_MS;
}

static void work_on(struct filler *filler) {
  struct fill_state *state = filler->state;
  struct epoll_event events[EVENTS];
  int timeout = 0;
  while (!state->over) {
    int count = epoll_wait(filler->epoll, events, EVENTS, timeout);
    if (count == 0 && timeout == IDLE_MS) end_dead(filler);
    if (count == 0 && timeout == ABSENT_MS) fill_sweep_again(filler);
    for (int i = 0; i < count; i++)
      dispatch(filler, (uint32_t)(events[i].data.u64 >> 32), (uint32_t)events[i].data.u64);
    bool waiting = fill_retry(filler, false);
    filler->sweep.later = false;
    bool swept = fill_sweep(filler);
    end_complete(filler);
    fill_tell_wants(filler);
    fill_tell_progress(filler, false);
    if (all_over(state)) {
      fill_tell_done(filler);
      settle();
      state->over = true;
    }
    timeout = patience(filler, waiting, swept);
  }
}

void fill_work(struct fill_state *state, bool first) {
  struct filler filler = {.state = state, .store_fd = -1};
  state->worker = getpid();
  prctl(PR_SET_NAME, "pod-fill-work");
  /* The kernel writes messages into it that cannot be had again: no page of it may be missing at that moment. */
  if (mlock(state, sizeof *state) < 0) die_errno("mlock");
  if (!first) close_unknown(state);
  start_watching(&filler);
  if (!first) take_over(&filler);
  work_on(&filler);
  _exit(0);
}
