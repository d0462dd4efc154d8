package io.podkit.migrate.memory.store;

import io.podkit.criu.image.PageRun;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which slot each page has: four bytes for a page of 4096. Not thread-safe. */
final class SlotMap {
  /** No such page ever came. */
  static final int ABSENT = 0;

  /** A page of zeros, which needs no slot. */
  static final int ZERO = -1;

  private static final int PAGES_A_BLOCK = 512;
  private static final long BLOCK_BYTES = (long) PAGES_A_BLOCK * PageRun.PAGE_SIZE;

  private final Map<Long, Map<Long, int[]>> blocks = new HashMap<>();

  /** {@link #ABSENT}, {@link #ZERO}, or the slot's number plus one. */
  int get(long memory, long address) {
    int[] block = block(memory, address);
    return block == null ? ABSENT : block[inBlock(address)];
  }

  /** The slots of the block around an address, as {@link #get} has them; null if none ever came. */
  int @Nullable [] block(long memory, long address) {
    Map<Long, int[]> ofMemory = blocks.get(memory);
    return ofMemory == null ? null : ofMemory.get(address / BLOCK_BYTES);
  }

  /** The first address behind the block around that one. */
  static long endOfBlock(long address) {
    return (address / BLOCK_BYTES + 1) * BLOCK_BYTES;
  }

  void put(long memory, long address, int slot) {
    blocks.computeIfAbsent(memory, unknown -> new HashMap<>())
            .computeIfAbsent(address / BLOCK_BYTES, unknown -> new int[PAGES_A_BLOCK])[
            inBlock(address)] =
        slot;
  }

  static int inBlock(long address) {
    return (int) (address % BLOCK_BYTES / PageRun.PAGE_SIZE);
  }
}
