package io.podkit.migrate.memory.store;

import io.podkit.error.PodkitException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The slots of one lane: given out in a row where possible, counted, used again. Not thread-safe.
 */
final class SlotPool {
  /** A slot with so many pages is never freed any more. */
  private static final int MANY = 255;

  private final PageStore store;
  private short[][] users = new short[0][];
  private final Deque<Integer> free = new ArrayDeque<>();
  private int next;
  private int end;

  SlotPool(PageStore store) {
    this.store = store;
  }

  /** A slot with one user. */
  int take() throws PodkitException {
    Integer used = free.poll();
    int slot = used == null ? fresh() : used;
    count(slot, 1);
    return slot;
  }

  private int fresh() throws PodkitException {
    if (next == end) {
      next = Math.toIntExact(store.takeChunk());
      end = next + PageStore.CHUNK;
      int chunk = next / PageStore.CHUNK;
      if (chunk >= users.length) {
        users = Arrays.copyOf(users, chunk + chunk / 2 + 1);
      }
      users[chunk] = new short[PageStore.CHUNK];
    }
    return next++;
  }

  /** Another page has the same content. */
  void share(int slot) {
    count(slot, 1);
  }

  /** A page has another content now. */
  void release(int slot) {
    if (users(slot) < MANY && count(slot, -1) == 0) {
      free.add(slot);
    }
  }

  int users(int slot) {
    return users[slot / PageStore.CHUNK][slot % PageStore.CHUNK];
  }

  private int count(int slot, int change) {
    short[] chunk = users[slot / PageStore.CHUNK];
    int now = Math.min(MANY, chunk[slot % PageStore.CHUNK] + change);
    chunk[slot % PageStore.CHUNK] = (short) now;
    return now;
  }
}
