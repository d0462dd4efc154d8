package io.podkit.migrate.memory.store;

import io.podkit.criu.image.PageRun;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One process in a filler's index: its pages are numbered from 0 by their addresses, without a gap.
 */
final class IndexedTask {
  private final long memory;
  private final long[] starts;
  private final long[] ends;
  private final long[] ordinals;
  private final long pages;

  /** Where in the index file its slots lie. */
  private final int slotsAt;

  /** The first slot of the store that is reserved for pages of it that come late. */
  private final long firstSlot;

  IndexedTask(
      long memory,
      long[] starts,
      long[] ends,
      long[] ordinals,
      long pages,
      int slotsAt,
      long firstSlot) {
    this.memory = memory;
    this.starts = starts;
    this.ends = ends;
    this.ordinals = ordinals;
    this.pages = pages;
    this.slotsAt = slotsAt;
    this.firstSlot = firstSlot;
  }

  /** CRIU's number of its memory image. */
  long memory() {
    return memory;
  }

  long pages() {
    return pages;
  }

  /** The slot that a late page has to itself. */
  long slotFor(long ordinal) {
    return firstSlot + ordinal;
  }

  /** Where its entry lies in the index file. */
  int entryAt(long ordinal) {
    return Math.toIntExact(slotsAt + ordinal * Integer.BYTES);
  }

  /** The number of the page at an address; -1 if it has none there. */
  long ordinalOf(long address) {
    int run = Arrays.binarySearch(starts, address);
    run = run >= 0 ? run : -run - 2;
    return run < 0 || address >= ends[run]
        ? -1
        : ordinals[run] + (address - starts[run]) / PageRun.PAGE_SIZE;
  }

  /** Adjacent pages from that one on, at most so many; null behind the last. */
  @Nullable PageRun runFrom(long ordinal, long most) {
    if (ordinal >= pages) {
      return null;
    }
    int run = Arrays.binarySearch(ordinals, ordinal);
    run = run >= 0 ? run : -run - 2;
    long start = starts[run] + (ordinal - ordinals[run]) * PageRun.PAGE_SIZE;
    return new PageRun(start, Math.min(most, (ends[run] - start) / PageRun.PAGE_SIZE));
  }
}
