package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * What tells two pages apart: 64 bits of xxHash say that a page has not changed, and 32 bits of
 * CRC32C beside them that it is the same as another one. Not thread-safe.
 */
public final class PageHash {
  /** Stands for "never seen"; no page has it. */
  public static final long NONE = 0;

  /** Stands for a page of zeros. */
  public static final long ZERO = 1;

  private static final int SEED = 0;
  private static final int RESERVED = 2;

  private final XXHash64 xxHash = XXHashFactory.fastestInstance().hash64();
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(PageRun.PAGE_SIZE);

  /** Whether a page holds nothing but zeros. */
  public boolean isZero(ByteBuffer buffer, int at) {
    return buffer.getLong(at) == 0 && zeros.mismatch(buffer.slice(at, PageRun.PAGE_SIZE)) < 0;
  }

  /** The page's hash: neither {@link #NONE} nor {@link #ZERO}. */
  public long of(ByteBuffer buffer, int at) {
    long hash = xxHash.hash(buffer, at, PageRun.PAGE_SIZE, SEED);
    return hash == NONE || hash == ZERO ? hash + RESERVED : hash;
  }

  /** The second hash. */
  public int check(ByteBuffer buffer, int at) {
    crc.reset();
    crc.update(buffer.slice(at, PageRun.PAGE_SIZE));
    return (int) crc.getValue();
  }
}
