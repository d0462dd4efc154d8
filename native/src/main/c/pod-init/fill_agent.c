/* The conversation with the agent, one line of text a message. It may go away and come back; then it is told again what
 * it has to know. A message from it is looked at, obeyed, and only then taken out: whoever is killed in between leaves
 * it to its successor, and obeying twice does no harm. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "filler.h"

enum { MESSAGE = 512, PROGRESS_MS = 50, WANTED = 16, BUFFER = 4 << 20 };

void fill_go(struct filler *filler) {
  filler->state->go = true;
  if (filler->areas != NULL) fill_release_unused(filler);
}

void fill_go_alone(struct filler *filler) {
  if (filler->state->finished && filler->state->agent < 0 && !filler->state->go) fill_go(filler);
}

static void hang_up(struct filler *filler) {
  fill_close(filler, &filler->state->agent);
  fill_go_alone(filler);
}

/* An agent that does not read any more is hung up on, unless the message can be sent `later`. */
static bool put(struct filler *filler, bool later, const char *text) {
  if (filler->state->agent < 0) return false;
  if (send(filler->state->agent, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return true;
  if (!(later && errno == EAGAIN)) hang_up(filler);
  return false;
}

void fill_tell(struct filler *filler, const char *format, ...) {
  char text[MESSAGE];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  put(filler, false, text);
}

void fill_tell_error(struct filler *filler, const char *format, ...) {
  char text[MESSAGE] = "error ";
  va_list args;
  va_start(args, format);
  vsnprintf(text + 6, sizeof text - 6, format, args);
  va_end(args);
  fprintf(stderr, "pod-init: fill: %s\n", text + 6);
  put(filler, false, text);
}

static uint64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Of the tasks themselves: what their children miss is not counted. */
static uint64_t missing(const struct filler *filler) {
  uint64_t pages = filler->index.pages;
  for (uint32_t i = 0; i < filler->state->top; i++) {
    const struct space *space = filler->state->spaces + i;
    if (space->phase == SPACE_FREE || space->forked || space->task >= filler->index.header->tasks) continue;
    pages -= fill_pages(filler, i) - filler->left[i];
  }
  return pages;
}

void fill_tell_progress(struct filler *filler, bool now) {
  if (filler->areas == NULL || filler->state->agent < 0) return;
  uint64_t time = now_ms(), left = missing(filler), faults = filler->state->faults;
  if (!now && (time - filler->told_ms < PROGRESS_MS || (left == filler->told_left && faults == filler->told_faults)))
    return;
  filler->told_ms = time;
  filler->told_left = left;
  filler->told_faults = faults;
  fill_tell(filler, "progress %llu %llu %llu", (unsigned long long)(filler->index.pages - left),
            (unsigned long long)filler->index.pages, (unsigned long long)faults);
}

void fill_tell_wants(struct filler *filler) {
  struct fill_state *state = filler->state;
  for (size_t i = 0; i < filler->fault_count && state->agent >= 0; i++) {
    struct fault *fault = filler->faults + i;
    struct space *space = state->spaces + fault->space;
    uint64_t origin = fault->address, span = WANTED * FILL_PAGE;
    if (!fault->remote || fault->asked) continue;
    const struct fill_run *run = NULL;
    if (fill_origin(fill_moves(state, filler->areas, fault->space), space->moves, &origin, &span))
      run = fill_index_at(&filler->index, space->task, origin);
    if (run == NULL) continue;
    uint64_t ordinal = run->first_ordinal + (origin - run->address) / FILL_PAGE, pages = 1;
    while (pages < span / FILL_PAGE && ordinal + pages < run->first_ordinal + run->pages &&
           fill_index_slot(&filler->index, space->task, ordinal + pages) == FILL_REMOTE)
      pages++;
    char text[MESSAGE];
    snprintf(text, sizeof text, "want %u %llx %llu", space->vpid, (unsigned long long)origin,
             (unsigned long long)pages);
    if (!put(filler, true, text)) return;
    fault->asked = true;
  }
}

void fill_tell_done(struct filler *filler) {
  const struct fill_state *state = filler->state;
  bool alive = false;
  for (uint32_t i = 0; i < state->top; i++)
    alive |= state->spaces[i].phase == SPACE_OVER && !state->spaces[i].dead;
  char text[MESSAGE];
  snprintf(text, sizeof text, "done %llu %llu %llu%s", (unsigned long long)state->copied,
           (unsigned long long)state->faults, (unsigned long long)state->forks, alive ? "" : " dead");
  int fd = openat(state->directory, "done.new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0 || write_all(fd, text, strlen(text)) < 0 || write_all(fd, "\n", 1) < 0 ||
      renameat(state->directory, "done.new", state->directory, "done") < 0)
    fprintf(stderr, "pod-init: fill: the file `done`: %s\n", strerror(errno));
  util_close(&fd);
  put(filler, false, text);
}

static void load(struct filler *filler) {
  struct failure why;
  if (filler->areas == NULL) {
    if (fill_load(filler, &why) < 0) {
      fill_tell_error(filler, "%s: %s%s%s", why.stage, why.message, why.error == 0 ? "" : ": ",
                      why.error == 0 ? "" : strerror(why.error));
      return;
    }
    for (uint32_t i = 0; i < filler->state->top; i++)
      if (filler->state->spaces[i].phase == SPACE_LIVE) fill_admit(filler, i);
  }
  fill_tell(filler, "loaded %llu", (unsigned long long)filler->index.pages);
}

/* Which pages are here now: "here VPID ADDRESS PAGES". Any other number of words: all of them are to be looked at. */
static void here(struct filler *filler, const char *text) {
  unsigned vpid;
  unsigned long long address, pages;
  fill_retry(filler, true);
  if (sscanf(text, "here %u %llx %llu", &vpid, &address, &pages) != 3)
    fill_sweep_again(filler);
  else if (filler->areas != NULL)
    fill_arrived(filler, vpid, address, pages);
}

static void obey(struct filler *filler, const char *text) {
  struct fill_state *state = filler->state;
  if (strcmp(text, "load") == 0) {
    load(filler);
  } else if (strcmp(text, "go") == 0) {
    fill_go(filler);
  } else if (strncmp(text, "here ", 5) == 0) {
    here(filler, text);
  } else if (strcmp(text, "status") == 0) {
    fill_tell_progress(filler, true);
    fill_tell(filler, "pids %d %d", state->holder, state->worker);
  } else if (strcmp(text, "abandon") == 0 && !state->finished) {
    state->over = true;
  } else {
    fill_tell_error(filler, "not understood, or not now: %.60s", text);
  }
}

void fill_agent_accept(struct filler *filler) {
  struct fill_state *state = filler->state;
  int fd = accept4(state->agent_listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), size = BUFFER;
  if (fd < 0) return;
  settle();
  hang_up(filler);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  state->greeted = false;
  state->met = true;
  settle();
  state->agent = fd;
  fill_watch(filler, fd, WATCH_AGENT, 0);
  fill_agent_greet(filler);
}

void fill_agent_greet(struct filler *filler) {
  struct fill_state *state = filler->state;
  if (state->agent < 0 || state->greeted) return;
  for (uint32_t i = 0; i < state->top; i++)
    if (state->spaces[i].phase != SPACE_FREE && !state->spaces[i].forked)
      fill_tell(filler, "task %u", state->spaces[i].vpid);
  if (state->finished) fill_tell(filler, "finished");
  if (state->failed) fill_tell(filler, "error restore: CRIU did not finish it");
  for (size_t i = 0; i < filler->fault_count; i++)
    filler->faults[i].asked = false;
  settle();
  state->greeted = true;
}

void fill_agent_read(struct filler *filler) {
  char text[MESSAGE];
  ssize_t got = recv(filler->state->agent, text, sizeof text - 1, MSG_PEEK | MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    hang_up(filler);
    return;
  }
  int asked_by = filler->state->agent;
  text[got] = '\0';
  if (text[got - 1] == '\n') text[got - 1] = '\0';
  obey(filler, text);
  settle();
  /* Unless it was hung up on over the answer. */
  if (filler->state->agent == asked_by) recv(asked_by, text, sizeof text, MSG_DONTWAIT);
}
