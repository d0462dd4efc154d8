/* Reads the state of a container as an OCI runtime hands it to hooks: one JSON object, from a stranger. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of the text itself; nothing is copied. */
struct slice {
  const char *at;
  size_t size;
};

struct ocistate {
  struct slice id;     /* without its quotes: a plain file name */
  struct slice bundle; /* with its quotes, escapes as they came; empty if the state has none */
  uint64_t pid;
};

/* False unless there is a container with a process to tell of: a proper id and a pid. The text may be cut off behind
 * those members: annotations can be of any size, and come last. */
bool ocistate_parse(const char *text, size_t size, struct ocistate *state);
