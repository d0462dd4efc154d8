package io.podkit.migrate.memory.transfer;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something about each page of many memories, kept in arrays for {@link #PAGES} adjacent pages that
 * are made when the first of them comes. Pages come in order, so the block of the last one is at
 * hand. Not thread-safe.
 *
 * @param <A> the array, of {@link #PAGES} elements
 */
public final class PageBlocks<A> {
  /** Pages of one block, which is aligned to as many. */
  public static final int PAGES = 512;

  private static final int PAGE_BITS = 12;
  private static final int BLOCK_BITS = 21;

  private final Supplier<A> maker;
  private final Map<Long, Map<Long, A>> blocks = new HashMap<>();
  private long lastMemory;
  private long lastBlock;
  private @Nullable A last;

  /**
   * None yet.
   *
   * @param maker makes an array that says nothing of its pages
   */
  public PageBlocks(Supplier<A> maker) {
    this.maker = maker;
  }

  /** The block around an address; null if none was made. */
  public @Nullable A get(long memory, long address) {
    long block = address >> BLOCK_BITS;
    if (last == null || memory != lastMemory || block != lastBlock) {
      Map<Long, A> ofMemory = blocks.get(memory);
      A found = ofMemory == null ? null : ofMemory.get(block);
      if (found == null) {
        return null;
      }
      remember(memory, block, found);
    }
    return last;
  }

  /** The block around an address, made if need be. */
  public A make(long memory, long address) {
    A known = get(memory, address);
    if (known != null) {
      return known;
    }
    long block = address >> BLOCK_BITS;
    A made = maker.get();
    blocks.computeIfAbsent(memory, unknown -> new HashMap<>()).put(block, made);
    remember(memory, block, made);
    return made;
  }

  private void remember(long memory, long block, A array) {
    lastMemory = memory;
    lastBlock = block;
    last = array;
  }

  /** Where in its block's array a page is. */
  public static int index(long address) {
    return (int) (address >> PAGE_BITS) & (PAGES - 1);
  }

  /** The first address behind the block around that one. */
  public static long endOfBlock(long address) {
    return ((address >> BLOCK_BITS) + 1) << BLOCK_BITS;
  }
}
