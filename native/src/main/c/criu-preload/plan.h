/* What CRIU is not to read, because Podkit moves it: written by io.podkit.criu.PageFilter, little endian. */
#pragma once

#include <stdint.h>

#define PLAN_MAGIC 0x31544c4946444f50ULL /* "PODFILT1" */

/* Addresses of one process, [start, end), sorted by pid and start, not overlapping. */
struct plan_range {
  uint64_t pid, start, end;
};

/* A shared memory object: anonymous, memfd or System V. */
struct plan_object {
  uint64_t major, minor, inode;
};

struct plan {
  uint64_t magic, ranges, objects;
  /* the ranges, then the objects */
};

_Static_assert(sizeof(struct plan) == 24 && sizeof(struct plan_range) == 24 && sizeof(struct plan_object) == 24,
               "the file has no padding");
