package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import io.podkit.migrate.memory.tracking.PageSource;
import io.podkit.migrate.protocol.Limits;

/**
 * Runs of pages of one source, as many as one batch may have. Filled by one thread, then handed on.
 */
final class PageWork {
  static final int MAX_PAGES = Limits.MAX_CHUNK_BYTES / PageRun.PAGE_SIZE;

  private final PageSource source;
  private final boolean forgets;
  private final long[] addresses = new long[MAX_PAGES];
  private final int[] pages = new int[MAX_PAGES];
  private int runs;
  private int total;

  /**
   * @param forgets whether the target is to forget what it has of them; else they are sent
   */
  PageWork(PageSource source, boolean forgets) {
    this.source = source;
    this.forgets = forgets;
  }

  boolean forgets() {
    return forgets;
  }

  PageSource source() {
    return source;
  }

  /** How many more pages it may have. */
  int room() {
    return MAX_PAGES - total;
  }

  /** Adds at most {@link #room} pages. */
  void add(long address, int count) {
    if (runs > 0 && addresses[runs - 1] + (long) pages[runs - 1] * PageRun.PAGE_SIZE == address) {
      pages[runs - 1] += count;
    } else {
      addresses[runs] = address;
      pages[runs] = count;
      runs++;
    }
    total += count;
  }

  int runs() {
    return runs;
  }

  long address(int run) {
    return addresses[run];
  }

  long bytes(int run) {
    return (long) pages[run] * PageRun.PAGE_SIZE;
  }
}
