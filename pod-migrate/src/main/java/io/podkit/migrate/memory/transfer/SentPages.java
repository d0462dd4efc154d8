package io.podkit.migrate.memory.transfer;

/**
 * What the target has of the pages that went over one channel, as hashes: some 8 bytes for a page
 * of 4096, and a cache of fixed size in which equal pages are found. Not thread-safe.
 */
final class SentPages {
  /** Entries of the cache. */
  private static final int CACHE = 1 << 17;

  /** An entry: hash, second hash, memory, address; side by side, as one is looked at whole. */
  private static final int ENTRY = 4;

  private static final int CHECK = 1;
  private static final int MEMORY = 2;
  private static final int ADDRESS = 3;

  private final PageBlocks<long[]> hashes = new PageBlocks<>(() -> new long[PageBlocks.PAGES]);
  private final long[] cache = new long[CACHE * ENTRY];

  /** The hash of the page that the target has there. */
  long hashAt(long memory, long address) {
    long[] block = hashes.get(memory, address);
    return block == null ? PageHash.NONE : block[PageBlocks.index(address)];
  }

  /** Notes what the target has there from now on. */
  void put(long memory, long address, long hash) {
    hashes.make(memory, address)[PageBlocks.index(address)] = hash;
  }

  /** Lets later pages refer to that one. */
  void offer(long memory, long address, long hash, int check) {
    int entry = entry(hash);
    cache[entry] = hash;
    cache[entry + CHECK] = check;
    cache[entry + MEMORY] = memory;
    cache[entry + ADDRESS] = address;
  }

  /** Whether a page is known that was equal and still is there. */
  boolean has(long hash, int check) {
    int entry = entry(hash);
    return cache[entry] == hash
        && cache[entry + CHECK] == check
        && hashAt(cache[entry + MEMORY], cache[entry + ADDRESS]) == hash;
  }

  /** Where the page is that {@link #has} found. */
  long memoryOf(long hash) {
    return cache[entry(hash) + MEMORY];
  }

  long addressOf(long hash) {
    return cache[entry(hash) + ADDRESS];
  }

  private static int entry(long hash) {
    return ((int) (hash >>> 20) & (CACHE - 1)) * ENTRY;
  }
}
