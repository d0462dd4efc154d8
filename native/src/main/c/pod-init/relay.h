/* Between a terminal's master side and the session's files. Plain read and write: this loop is itself dumped and
 * restored. */
#pragma once

#include <poll.h>

#include "session.h"

struct relay {
  const struct session *session;
  char pending[1024]; /* typed, not yet taken by the terminal */
  size_t start, end;
};

/* Fills the two poll entries; those not of interest get fd -1. */
void relay_poll(const struct relay *relay, struct pollfd fds[2]);

/* Moves what poll found ready, in both directions. */
void relay_move(struct relay *relay, const struct pollfd fds[2]);

/* Everything the terminal still holds, when nobody will write to it any more. */
void relay_drain(const struct relay *relay);
