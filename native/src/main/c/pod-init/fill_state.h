/* What the filler must not forget when one of its two processes is killed: memory both share, in a memfd. Whatever
 * lies here is true after each single store, in the order of the program: the successor may start from anywhere.
 * What can be derived from it (counts, positions) is each worker's own. */
#pragma once

#include <linux/userfaultfd.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "fill_index.h"
#include "fill_moves.h"

enum { FILL_SPACES = 4096, FILL_MOVES = 65536 };

/* For the tests' build: kills this process one time in as many as the environment's FILL_CHAOS says. */
void fill_chaos(void);

/* The compiler may not move stores across it. The other process looks only once this one is dead. */
static inline void settle(void) {
  atomic_signal_fence(memory_order_seq_cst);
#ifdef FILL_CHAOS
  fill_chaos();
#endif
}

enum space_phase {
  SPACE_FREE = 0,
  SPACE_LIVE,
  SPACE_OVER, /* filled, or its process is dead: to be closed, or closed already (uffd -1) */
};

/* One address space with a userfaultfd: a task of the pod, or a child that was forked before it was filled. */
struct space {
  uint32_t phase;
  int32_t uffd;
  uint32_t vpid;
  uint32_t task; /* its position in the index, once that is loaded */
  uint32_t moves;
  bool forked;
  bool dead;
  bool lost; /* which page belongs where is not known any more: nothing is filled, it blocks */
};

/* Where a message of a userfaultfd is read to. Reading takes it out of the kernel and, for a fork, opens a descriptor,
 * and who reads may be killed right after. So the kernel writes it here, into zeros: a successor that finds an event
 * handles it, once more if need be. What handling it changes is chosen before, which makes the repetition harmless. */
struct inbox {
  uint32_t owner; /* 1 + the space; 0: nothing is being read */
  uint32_t child; /* a free space, for a fork; FILL_SPACES: there is none */
  uint32_t moves; /* the owner's, before */
  struct uffd_msg message __attribute__((aligned(8)));
};

/* Likewise for what CRIU sends: a vpid, then a byte with a descriptor. */
struct parcel {
  bool wants_descriptor;
  int32_t vpid; /* 0: not read */
  char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
};

struct fill_state {
  pid_t holder, worker;
  int32_t watch_holder, watch_worker; /* pidfds */
  int32_t self;                       /* this memory */
  int32_t directory, lock; /* the lock is only held */
  int32_t criu_listener, criu, agent_listener, agent;
  bool loaded, go;
  bool met;              /* an agent, at some time */
  bool greeted;          /* the agent, on this connection */
  bool finished, failed; /* the restore */
  bool stuck;            /* a process blocks for ever: this must not end, which would show it zeros */
  bool over;
  uint64_t stride, bitmap_offset; /* of a space's area */
  uint64_t copied, faults, forks; /* statistics: a repetition may count twice */
  uint32_t top;                   /* no space from here on was ever used */
  struct inbox inbox;
  struct parcel parcel;
  struct space spaces[FILL_SPACES];
};

/* NULL with errno. */
struct fill_state *fill_state_make(void);

/* Makes room for each space's moves and bitmap. Can be repeated. 0, or -1 with errno. */
int fill_state_size(struct fill_state *state, uint64_t max_pages);

/* Maps the areas of all spaces; NULL with errno. */
char *fill_state_areas(const struct fill_state *state);

/* Gives the memory of a space's area back: it reads as zeros. */
void fill_state_wipe(const struct fill_state *state, uint32_t space);

/* A space that is free, or FILL_SPACES. */
uint32_t fill_state_free_space(const struct fill_state *state);

static inline struct fill_move *fill_moves(const struct fill_state *state, char *areas, uint32_t space) {
  return (struct fill_move *)(areas + space * state->stride);
}

/* A bit for each of the task's pages: filled, or dropped by the process. */
static inline uint64_t *fill_gone(const struct fill_state *state, char *areas, uint32_t space) {
  return (uint64_t *)(areas + space * state->stride + state->bitmap_offset);
}

static inline bool fill_is_gone(const uint64_t *gone, uint64_t ordinal) {
  return gone[ordinal / 64] >> ordinal % 64 & 1;
}

/* The first page in [from, end) that is not gone, or `end`. */
uint64_t fill_next_missing(const uint64_t *gone, uint64_t from, uint64_t end);
