/* The index of a store of pages: which page of which process lies where. Little endian, as it lies in the file `index`
 * and in memory; the agent writes it, and with post-copy goes on to change slots while it is in use.
 *
 *   header | tasks | runs of each task | slots of each task | hot
 *
 * A task's pages are numbered from 0, ascending with their addresses, without a gap: the ordinals. */
#pragma once

#include <assert.h>

#include "failure.h"

enum { FILL_PAGE = 4096, FILL_VERSION = 1, FILL_MAX_TASKS = 4096 };

#define FILL_MAGIC UINT64_C(0x314c4c4946444f50) /* "PODFILL1" */

/* What a slot says besides its number in the store. */
#define FILL_SHARED UINT32_C(0x80000000) /* several pages are read from it: it is never punched */
#define FILL_ZERO UINT32_C(0xffffffff)   /* a page of zeros, not in the store */
#define FILL_REMOTE UINT32_C(0xfffffffe) /* not here yet */

struct fill_header {
  uint64_t magic;
  uint32_t version;
  uint32_t tasks;  /* records that follow this header */
  uint64_t length; /* of the file */
  uint64_t hot_offset, hot_count;
};

struct fill_task {
  uint32_t vpid; /* as CRIU sends it: within the pod */
  uint32_t runs;
  uint64_t runs_offset;
  uint64_t pages;        /* in all its runs */
  uint64_t slots_offset; /* of a uint32_t for each page */
};

/* Ascending, not overlapping; first_ordinal is the sum of the pages before. */
struct fill_run {
  uint64_t address, pages, first_ordinal;
};

/* What to fill first, in this order. */
struct fill_hot {
  uint32_t vpid, reserved;
  uint64_t ordinal, pages;
};

static_assert(sizeof(struct fill_header) == 40, "header");
static_assert(sizeof(struct fill_task) == 32, "task");
static_assert(sizeof(struct fill_run) == 24, "run");
static_assert(sizeof(struct fill_hot) == 24, "hot");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the file is read in place");

struct fill_index {
  const char *base; /* NULL: not open */
  size_t length;
  const struct fill_header *header;
  const struct fill_task *tasks;
  const struct fill_hot *hot;
  uint64_t pages;     /* of all tasks */
  uint64_t max_pages; /* of the largest */
};

/* Maps the index behind `fd` and checks all of it against a store of so many pages. 0, or -1 with *why. */
int fill_index_open(struct fill_index *index, int fd, uint64_t store_pages, struct failure *why);
void fill_index_close(struct fill_index *index);

/* The position of the task with this vpid, or -1. */
int fill_index_task(const struct fill_index *index, uint32_t vpid);

/* The run that holds this address, or NULL. */
const struct fill_run *fill_index_at(const struct fill_index *index, uint32_t task, uint64_t address);

/* The first run above this address, or NULL. */
const struct fill_run *fill_index_after(const struct fill_index *index, uint32_t task, uint64_t address);

/* The run that holds this page, which the task must have. */
const struct fill_run *fill_index_of(const struct fill_index *index, uint32_t task, uint64_t ordinal);

/* Read afresh at each use: the agent may have put a page into the store since. */
static inline uint32_t fill_index_slot(const struct fill_index *index, uint32_t task, uint64_t ordinal) {
  const uint32_t *slots = (const uint32_t *)(index->base + index->tasks[task].slots_offset);
  return __atomic_load_n(slots + ordinal, __ATOMIC_ACQUIRE);
}

static inline bool fill_slot_stored(uint32_t slot) {
  return slot != FILL_ZERO && slot != FILL_REMOTE;
}
