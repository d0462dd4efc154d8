package io.podkit.migrate.memory.store;

import io.podkit.criu.image.PageRun;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pages of an arriving pod, in one file in memory: the last content of each, equal ones once,
 * zeros not at all. Filled through lanes, one for each channel, which share nothing but the file.
 *
 * <p>A page's place is a slot: the file's n-th 4096 bytes.
 */
public final class PageStore implements AutoCloseable {
  /** Its name, where the filler looks for it. */
  public static final String FILE = "store";

  /** Slots that a lane takes at once, so that neighbouring pages lie together. */
  static final int CHUNK = 256;

  private final FileChannel file;
  private final long limit;
  private final AtomicLong taken = new AtomicLong();
  private final Map<Integer, StoreLane> lanes = new HashMap<>();

  private PageStore(FileChannel file, long limit) {
    this.file = file;
    this.limit = limit;
  }

  /**
   * An empty store.
   *
   * @param directory in memory; the file stays there
   * @param limit most pages that it may ever hold
   */
  public static PageStore create(Path directory, long limit) throws PodkitException {
    try {
      return new PageStore(
          FileChannel.open(
              directory.resolve(FILE),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE),
          limit);
    } catch (IOException e) {
      throw PodkitException.io("cannot make a store for memory", e);
    }
  }

  /** What comes on one channel, and is used by its thread only. */
  public synchronized StoreLane lane(int channel) {
    return lanes.computeIfAbsent(channel, unknown -> new StoreLane(this));
  }

  /** Every page there is, when nothing comes any more. */
  public synchronized StoredPages pages() {
    List<StoreLane> all = new ArrayList<>(lanes.values());
    return new StoredPages(all, this);
  }

  /** The first of {@link #CHUNK} slots that nobody has. */
  long takeChunk() throws PodkitException {
    long first = taken.getAndAdd(CHUNK);
    if (first + CHUNK > limit) {
      throw PodkitException.of(
          ErrorKind.REFUSED,
          "the pod's memory has grown beyond the " + limit * PageRun.PAGE_SIZE + " bytes announced",
          new Hint("free memory on the target, or stop the pod's growth, and try again"));
    }
    return first;
  }

  /**
   * Makes room behind everything for pages that are still to come, each of which will have a slot
   * of its own there. It takes no memory yet.
   *
   * @return the first of those slots
   */
  public long reserve(long pages) throws PodkitException {
    long first = taken.get();
    if (pages == 0) {
      return first; // the last byte of nothing would be one that somebody has
    }
    try {
      // Only whoever writes behind the end makes a file longer.
      file.write(ByteBuffer.allocate(1), (first + pages) * PageRun.PAGE_SIZE - 1);
    } catch (IOException e) {
      throw PodkitException.io("cannot make room for memory that is still to come", e);
    }
    return first;
  }

  /** Bytes of slots taken: what the file holds at most. */
  public long bytes() {
    return taken.get() * PageRun.PAGE_SIZE;
  }

  void write(ByteBuffer content, long slot) throws PodkitException {
    long at = slot * PageRun.PAGE_SIZE;
    try {
      while (content.hasRemaining()) {
        at += file.write(content, at);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot keep the memory that comes in", e);
    }
  }

  void read(ByteBuffer into, long slot) throws IOException {
    long at = slot * PageRun.PAGE_SIZE;
    while (into.hasRemaining()) {
      int got = file.read(into, at);
      if (got < 0) {
        throw new IOException("the store of memory ends early");
      }
      at += got;
    }
  }

  /** The file stays: it goes with its directory. */
  @Override
  public void close() throws PodkitException {
    try {
      file.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot close the store of memory", e);
    }
  }
}
