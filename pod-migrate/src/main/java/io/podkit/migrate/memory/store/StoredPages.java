package io.podkit.migrate.memory.store;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageRun;
import io.podkit.migrate.memory.transfer.PageBlocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a store holds when nothing comes any more. */
public final class StoredPages {
  private static final int SHARED = 1 << 31;
  private static final int ZERO = -1;
  private static final int REMOTE = -2;

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
   * @param othersFollow whether pages that never came will come later
   * @param into has room for all of them
   * @return how many will come later
   * @throws ImageFormatException if one never came, and none are to follow
   */
  long entries(long memory, PageRun run, boolean othersFollow, ByteBuffer into)
      throws ImageFormatException {
    long later = 0;
    long at = run.address();
    while (at < run.end()) {
      long end = Math.min(run.end(), PageBlocks.endOfBlock(at));
      StoreLane lane = laneOf(memory, at);
      int[] block = lane == null ? null : lane.block(memory, at);
      for (; at < end; at += PageRun.PAGE_SIZE) {
        int slot = block == null ? SlotMap.ABSENT : block[PageBlocks.index(at)];
        if (lane != null && slot != SlotMap.ABSENT) {
          into.putInt(entry(lane, slot));
        } else if (othersFollow) {
          into.putInt(REMOTE);
          later++;
        } else {
          throw absent(at);
        }
      }
    }
    return later;
  }

  /** A block of pages came on one channel, all of it; null if nothing of it came. */
  private @Nullable StoreLane laneOf(long memory, long address) {
    for (StoreLane lane : lanes) {
      if (lane.block(memory, address) != null) {
        return lane;
      }
    }
    return null;
  }

  private static int entry(StoreLane lane, int slot) {
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
