package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import java.util.HashMap;
import java.util.Map;

/**
 * What the target has of the pages that went over one channel, as hashes: some 8 bytes for a page
 * of 4096, and a cache of fixed size in which equal pages are found. Not thread-safe.
 */
final class SentPages {
  private static final int PAGES_A_BLOCK = 512;
  private static final long BLOCK_BYTES = (long) PAGES_A_BLOCK * PageRun.PAGE_SIZE;

  /** Entries of the cache: 24 bytes each. */
  private static final int CACHE = 1 << 17;

  private final Map<Long, Map<Long, long[]>> hashes = new HashMap<>();
  private final long[] cachedMemory = new long[CACHE];
  private final long[] cachedAddress = new long[CACHE];
  private final int[] cachedCheck = new int[CACHE];

  /** The hash of the page that the target has there. */
  long hashAt(long memory, long address) {
    Map<Long, long[]> blocks = hashes.get(memory);
    long[] block = blocks == null ? null : blocks.get(address / BLOCK_BYTES);
    return block == null ? PageHash.NONE : block[inBlock(address)];
  }

  private static int inBlock(long address) {
    return (int) (address % BLOCK_BYTES / PageRun.PAGE_SIZE);
  }

  /** Notes what the target has there from now on. */
  void put(long memory, long address, long hash) {
    hashes.computeIfAbsent(memory, unknown -> new HashMap<>())
            .computeIfAbsent(address / BLOCK_BYTES, unknown -> new long[PAGES_A_BLOCK])[
            inBlock(address)] =
        hash;
  }

  /** Lets later pages refer to that one. */
  void offer(long memory, long address, long hash, int check) {
    int entry = entry(hash);
    cachedMemory[entry] = memory;
    cachedAddress[entry] = address;
    cachedCheck[entry] = check;
  }

  /** Whether some page is known, perhaps an equal one: then {@link #has} is worth asking. */
  boolean mayHave(long hash) {
    int entry = entry(hash);
    return cachedMemory[entry] != 0 && hashAt(cachedMemory[entry], cachedAddress[entry]) == hash;
  }

  /** Whether the page that {@link #mayHave} found is equal. */
  boolean has(long hash, int check) {
    return cachedCheck[entry(hash)] == check;
  }

  /** Where it is. */
  long memoryOf(long hash) {
    return cachedMemory[entry(hash)];
  }

  long addressOf(long hash) {
    return cachedAddress[entry(hash)];
  }

  private static int entry(long hash) {
    return (int) (hash >>> 20) & CACHE - 1;
  }
}
