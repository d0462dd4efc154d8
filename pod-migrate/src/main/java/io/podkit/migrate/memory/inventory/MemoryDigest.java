package io.podkit.migrate.memory.inventory;

import io.podkit.criu.image.PageRun;
import java.nio.ByteBuffer;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * One number for all pages of a memory image, in order: xxHash64 over pieces of a mebibyte, each
 * with the result of the one before as its seed. Both ends make the same pieces of the same runs.
 * Not thread-safe.
 */
public final class MemoryDigest {
  /** Pages of a piece; a run ends one. */
  public static final int PAGES = 256;

  private final XXHash64 hash = XXHashFactory.fastestInstance().hash64();
  private long value;

  /** Adds a piece: what is between position and limit. */
  public void add(ByteBuffer pages) {
    value = hash.hash(pages, pages.position(), pages.remaining(), value);
  }

  /** The digest of everything so far. */
  public long value() {
    return value;
  }

  /** Fills a buffer with adjacent pages, from position on. */
  @FunctionalInterface
  public interface Reader<E extends Exception> {
    void read(long address, int pages, ByteBuffer into) throws E;
  }

  /**
   * Adds runs.
   *
   * @param buffer direct, with room for a piece
   */
  public <E extends Exception> void add(Iterable<PageRun> runs, Reader<E> reader, ByteBuffer buffer)
      throws E {
    for (PageRun run : runs) {
      for (long at = run.address(); at < run.end(); at += (long) PAGES * PageRun.PAGE_SIZE) {
        int pages = (int) Math.min(PAGES, (run.end() - at) / PageRun.PAGE_SIZE);
        buffer.clear().limit(pages * PageRun.PAGE_SIZE);
        reader.read(at, pages, buffer);
        add(buffer.flip());
      }
    }
  }
}
