/* The worker of `pod-init fill`: its own view of the shared state, and what its parts offer each other. */
#pragma once

#include "fill_state.h"

/* A fault that could not be served at once. */
struct fault {
  uint32_t space;
  bool remote; /* waits for the agent; otherwise for a change of mappings to be over */
  bool asked;  /* the agent has been told */
  uint64_t address;
};

struct filler {
  struct fill_state *state;
  int epoll;
  uint64_t told_ms, told_left, told_faults; /* the last progress */
  bool told_broken;

  /* From here on only once loaded. */
  char *areas;
  struct fill_index index;
  int store_fd;
  const char *store;
  uint64_t store_pages;
  uint64_t *released; /* a bit for each slot nobody needs any more */
  uint64_t *left;     /* pages not gone, for each space */
  char *nowhere;      /* a page without access */

  struct fault *faults;
  size_t fault_count, fault_room;
  bool found_missing; /* by the walk over a range */

  /* The background's position: first the hot list, then everything. */
  struct {
    uint64_t hot;
    uint32_t space;
    uint64_t ordinal;
    bool resting; /* nothing to be done until something changes */
    bool missed;  /* something could not be copied yet in this sweep */
    bool later;   /* the mappings are changing: messages first */
  } sweep;
};

enum { WATCH_HOLDER, WATCH_CRIU_LISTENER, WATCH_CRIU, WATCH_AGENT_LISTENER, WATCH_AGENT, WATCH_SPACE };

/* fill_worker.c */
void fill_watch(struct filler *filler, int fd, uint32_t kind, uint32_t which);
void fill_unwatch(struct filler *filler, int fd);
/* Closes a descriptor of the state, if it is open. */
void fill_close(struct filler *filler, int32_t *fd);
/* Frees what a worker has but a holder needs not. */
void fill_shed(struct filler *filler);

/* fill_load.c: opens index and store, once; later workers do the same. 0, or -1 with *why. */
int fill_load(struct filler *filler, struct failure *why);
/* Ties a task that CRIU has sent to its record of the index and begins to watch it. */
void fill_admit(struct filler *filler, uint32_t space);

/* fill_space.c */
static inline uint64_t fill_pages(const struct filler *filler, uint32_t space) {
  return filler->index.tasks[filler->state->spaces[space].task].pages;
}
void fill_mark_gone(struct filler *filler, uint32_t space, uint64_t ordinal, uint64_t pages);
void fill_count_left(struct filler *filler, uint32_t space);
/* Closes its descriptor: what is missing reads as zeros from now on, so either nothing is, or its process is dead. */
void fill_end_space(struct filler *filler, uint32_t space, bool dead);
/* Whether its process still has this address space. */
bool fill_space_alive(struct filler *filler, uint32_t space);
/* Wakes whoever waits for a page of it; those still in need fault again. */
void fill_wake_all(struct filler *filler, uint32_t space);
/* Words of a bitmap over the store. */
static inline size_t fill_words(uint64_t store_pages) {
  return (store_pages + 63) / 64 + 1;
}
/* Lets go of the slots that no task's page lies in, which hold back what lies around them. Not before `go`: until then
 * the agent reads shared memory out of them. */
void fill_release_unused(struct filler *filler);
/* Lets go of the store's pages under these, as far as no other space needs them. */
void fill_release(struct filler *filler, uint32_t task, uint64_t ordinal, uint64_t pages);

/* fill_copy.c */
enum copied {
  COPIED,      /* or not wanted any more */
  COPY_LATER,  /* mappings are changing: messages have to be read first */
  COPY_ABSENT, /* not mapped yet, as the restore goes on */
  COPY_DEAD,   /* the process is */
  COPY_REMOTE, /* the page is not here yet */
  COPY_BROKEN, /* told to the agent */
};
/* The most pages, at most `most`, that one copy can take from this missing page on; sets the address to copy to.
 * 0: the page cannot be reached any more. */
uint64_t fill_extent(struct filler *filler, uint32_t space, uint64_t ordinal, uint64_t most, uint64_t *address);
enum copied fill_copy(struct filler *filler, uint32_t space, uint64_t address, uint64_t ordinal, uint64_t pages);
/* Serves whoever waits at this address. */
enum copied fill_serve(struct filler *filler, uint32_t space, uint64_t address);

/* fill_events.c */
/* Handles what the kernel has to say about a space. False if there may be more. */
bool fill_events(struct filler *filler, uint32_t space);
/* Ends what a predecessor was killed at. */
void fill_finish_inbox(struct filler *filler);
/* Tries waiting faults again, those for the agent too if asked. True if some still wait for a change to be over. */
bool fill_retry(struct filler *filler, bool remote);

/* fill_sweep.c: the next piece of the background. False if there is nothing to do at the moment. */
bool fill_sweep(struct filler *filler);
/* Fills what has just come, so that nobody has to look for it. */
void fill_arrived(struct filler *filler, uint32_t vpid, uint64_t address, uint64_t pages);
void fill_sweep_again(struct filler *filler);

/* fill_criu.c */
void fill_criu_accept(struct filler *filler);
void fill_criu_read(struct filler *filler);
void fill_finish_parcel(struct filler *filler);

/* fill_agent.c */
void fill_agent_accept(struct filler *filler);
/* Tells a new connection what it has missed. */
void fill_agent_greet(struct filler *filler);
void fill_agent_read(struct filler *filler);
void fill_tell(struct filler *filler, const char *format, ...) PRINTF_LIKE(2, 3);
/* Also into the log. */
void fill_tell_error(struct filler *filler, const char *format, ...) PRINTF_LIKE(2, 3);
/* The pod runs: the background begins. */
void fill_go(struct filler *filler);
/* The pod runs, and whoever could say `go` is not there. */
void fill_go_alone(struct filler *filler);
void fill_tell_progress(struct filler *filler, bool now);
/* Asks for the pages that faults wait for and that have not been asked for. */
void fill_tell_wants(struct filler *filler);
/* Writes the file `done` and tells the agent. */
void fill_tell_done(struct filler *filler);
