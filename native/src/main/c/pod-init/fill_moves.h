/* Where mremap() has taken a process's pages: from the address a page has now to the one it had in the images, its
 * origin, and back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One mremap(), oldest first in a list. */
struct fill_move {
  uint64_t from, to, length;
};

/* Turns *address into its origin. False if nothing of the images can be there: it was moved away. In both cases *span,
 * on entry the bytes of interest, is cut to those for which the same holds. */
bool fill_origin(const struct fill_move *moves, uint32_t count, uint64_t *address, uint64_t *span);

/* Turns an origin into the address it has now; false if something else was moved over it. *span as above. */
bool fill_current(const struct fill_move *moves, uint32_t count, uint64_t *address, uint64_t *span);
