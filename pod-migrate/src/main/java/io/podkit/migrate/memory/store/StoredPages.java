package io.podkit.migrate.memory.store;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/** What a store holds when nothing comes any more. */
public final class StoredPages {
  private static final int SHARED = 1 << 31;
  private static final int ZERO = -1;

  private final List<StoreLane> lanes;
  private final PageStore store;

  StoredPages(List<StoreLane> lanes, PageStore store) {
    this.lanes = lanes;
    this.store = store;
  }

  private int find(long memory, long address) {
    for (StoreLane lane : lanes) {
      int slot = lane.slot(memory, address);
      if (slot != SlotMap.ABSENT) {
        return slot;
      }
    }
    return SlotMap.ABSENT;
  }

  /**
   * The places of adjacent pages as the filler's index has them.
   *
   * @param into has room for all of them
   * @throws ImageFormatException if one never came
   */
  void entries(long memory, PageRun run, ByteBuffer into) throws ImageFormatException {
    long at = run.address();
    while (at < run.end()) {
      long end = Math.min(run.end(), SlotMap.endOfBlock(at));
      StoreLane lane = laneOf(memory, at);
      int[] block = Objects.requireNonNull(lane.block(memory, at));
      for (; at < end; at += PageRun.PAGE_SIZE) {
        into.putInt(entry(lane, block[SlotMap.inBlock(at)], at));
      }
    }
  }

  /** A block of pages came on one channel, all of it. */
  private StoreLane laneOf(long memory, long address) throws ImageFormatException {
    for (StoreLane lane : lanes) {
      if (lane.block(memory, address) != null) {
        return lane;
      }
    }
    throw absent(address);
  }

  private static int entry(StoreLane lane, int slot, long address) throws ImageFormatException {
    if (slot == SlotMap.ABSENT) {
      throw absent(address);
    }
    if (slot == SlotMap.ZERO) {
      return ZERO;
    }
    return lane.isShared(slot - 1) ? slot - 1 | SHARED : slot - 1;
  }

  private static ImageFormatException absent(long address) {
    return new ImageFormatException(
        "the page at " + Long.toHexString(address) + " never came from the source");
  }

  /**
   * Reads one page, from position on.
   *
   * @throws ImageFormatException if it never came
   */
  public void read(long memory, long address, ByteBuffer into) throws IOException {
    int slot = find(memory, address);
    ByteBuffer page = into.slice(into.position(), PageRun.PAGE_SIZE);
    if (slot == SlotMap.ABSENT) {
      throw absent(address);
    }
    if (slot == SlotMap.ZERO) {
      while (page.hasRemaining()) {
        page.put((byte) 0);
      }
    } else {
      store.read(page, slot - 1L);
    }
    into.position(into.position() + PageRun.PAGE_SIZE);
  }
}
