#include "fill_moves.h"

/* Whether the address lies in [start, start + length); cuts *span so that all of it does, or none. */
static bool within(uint64_t address, uint64_t start, uint64_t length, uint64_t *span) {
  if (address < start) {
    if (*span > start - address) *span = start - address;
    return false;
  }
  if (address - start >= length) return false;
  if (*span > length - (address - start)) *span = length - (address - start);
  return true;
}

bool fill_origin(const struct fill_move *moves, uint32_t count, uint64_t *address, uint64_t *span) {
  while (count-- > 0) {
    const struct fill_move *move = moves + count;
    if (within(*address, move->to, move->length, span))
      *address = move->from + (*address - move->to);
    else if (within(*address, move->from, move->length, span))
      return false;
  }
  return true;
}

bool fill_current(const struct fill_move *moves, uint32_t count, uint64_t *address, uint64_t *span) {
  for (uint32_t i = 0; i < count; i++) {
    const struct fill_move *move = moves + i;
    if (within(*address, move->from, move->length, span))
      *address = move->to + (*address - move->from);
    else if (within(*address, move->to, move->length, span))
      return false;
  }
  return true;
}
