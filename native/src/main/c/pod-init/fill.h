/* The two processes of `pod-init fill`: one fills, one only holds the descriptors and would start the next. */
#pragma once

#include "filler.h"

#define FILL_AGENT_SOCKET "fill.socket"
#define FILL_CRIU_SOCKET "lazy-pages.socket" /* CRIU's own name for it */

_Noreturn void fill_work(struct fill_state *state, bool first);

/* For the worker, when the holder is dead. */
void fill_replace_holder(struct filler *filler);

/* Whether this descriptor is open and a userfaultfd. */
bool fill_is_userfault(int fd);
