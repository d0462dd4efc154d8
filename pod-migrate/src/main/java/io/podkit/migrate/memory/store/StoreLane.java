package io.podkit.migrate.memory.store;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.transfer.PageTaker;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The pages that come on one channel, in their order. Not thread-safe. */
public final class StoreLane implements PageTaker {
  private final PageStore store;
  private final SlotPool pool;
  private final SlotMap slots = new SlotMap();

  StoreLane(PageStore store) {
    this.store = store;
    this.pool = new SlotPool(store);
  }

  @Override
  public void content(long memory, PageRun run, ByteBuffer content) throws PodkitException {
    int start = content.position();
    long address = run.address();
    long firstSlot = -1;
    int pending = 0;
    for (int page = 0; page < run.pages(); page++, address += PageRun.PAGE_SIZE) {
      int slot = own(memory, address);
      if (pending > 0 && slot != firstSlot + pending) {
        write(content, start, page - pending, pending, firstSlot);
        pending = 0;
      }
      if (pending == 0) {
        firstSlot = slot;
      }
      pending++;
    }
    write(content, start, (int) run.pages() - pending, pending, firstSlot);
    content.position(start + (int) run.bytes());
  }

  private void write(ByteBuffer content, int start, int page, int pages, long slot)
      throws PodkitException {
    int at = start + page * PageRun.PAGE_SIZE;
    store.write(content.slice(at, pages * PageRun.PAGE_SIZE), slot);
  }

  /** A slot that this page has to itself. */
  private int own(long memory, long address) throws PodkitException {
    int known = slots.get(memory, address);
    if (known != SlotMap.ABSENT && known != SlotMap.ZERO) {
      int slot = known - 1;
      if (pool.users(slot) == 1) {
        return slot;
      }
      pool.release(slot);
    }
    int slot = pool.take();
    slots.put(memory, address, slot + 1);
    return slot;
  }

  @Override
  public void zeros(long memory, PageRun run) {
    for (long at = run.address(); at < run.end(); at += PageRun.PAGE_SIZE) {
      forget(memory, at);
      slots.put(memory, at, SlotMap.ZERO);
    }
  }

  private void forget(long memory, long address) {
    int known = slots.get(memory, address);
    if (known != SlotMap.ABSENT && known != SlotMap.ZERO) {
      pool.release(known - 1);
    }
  }

  @Override
  public void same(long memory, PageRun run, long otherMemory, long otherAddress)
      throws PodkitException {
    for (long at = run.address(), from = otherAddress;
        at < run.end();
        at += PageRun.PAGE_SIZE, from += PageRun.PAGE_SIZE) {
      int slot = slots.get(otherMemory, from);
      if (slot == SlotMap.ABSENT || slot == SlotMap.ZERO) {
        throw PodkitException.peer("the source refers to a page that it never sent", null);
      }
      pool.share(slot - 1);
      forget(memory, at);
      slots.put(memory, at, slot);
    }
  }

  @Override
  public void absent(long memory, PageRun run) {
    for (long at = run.address(); at < run.end(); at += PageRun.PAGE_SIZE) {
      if (slots.get(memory, at) != SlotMap.ABSENT) {
        forget(memory, at);
        slots.put(memory, at, SlotMap.ABSENT);
      }
    }
  }

  /** {@link SlotMap#ABSENT}, {@link SlotMap#ZERO}, or the slot's number plus one. */
  int slot(long memory, long address) {
    return slots.get(memory, address);
  }

  /** As {@link #slot}, for the whole block around an address; null if nothing of it came. */
  int @Nullable [] block(long memory, long address) {
    return slots.block(memory, address);
  }

  boolean isShared(int slot) {
    return pool.users(slot) > 1;
  }
}
