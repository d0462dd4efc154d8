package io.podkit.migrate.memory.store;

import io.podkit.migrate.memory.transfer.PageBlocks;
import org.jspecify.annotations.Nullable;

/** Which slot each page has: four bytes for a page of 4096. Not thread-safe. */
final class SlotMap {
  /** No such page ever came. */
  static final int ABSENT = 0;

  /** A page of zeros, which needs no slot. */
  static final int ZERO = -1;

  private final PageBlocks<int[]> blocks = new PageBlocks<>(() -> new int[PageBlocks.PAGES]);

  /** {@link #ABSENT}, {@link #ZERO}, or the slot's number plus one. */
  int get(long memory, long address) {
    int[] block = blocks.get(memory, address);
    return block == null ? ABSENT : block[PageBlocks.index(address)];
  }

  /** The slots of the block around an address, as {@link #get} has them; null if none ever came. */
  int @Nullable [] block(long memory, long address) {
    return blocks.get(memory, address);
  }

  void put(long memory, long address, int slot) {
    blocks.make(memory, address)[PageBlocks.index(address)] = slot;
  }
}
