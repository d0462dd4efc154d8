package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.memory.tracking.PageSource;
import io.podkit.migrate.protocol.Bulk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.DoubleSupplier;

/**
 * Reads the pages that a target asks for and makes the batch that answers. Nothing is left out
 * because it was sent before: the target asks for what it lacks. One thread.
 */
public final class PageAnswer {
  private final CodecChoice codecs;
  private final PageCounts counts;
  private final PageHash hash = new PageHash();
  private final PageTable table = new PageTable();
  private final NativeBuffer buffer =
      NativeBuffer.allocate(Bulk.PagesWanted.MAX_PAGES * PageRun.PAGE_SIZE);
  private final ByteBuffer packed =
      ByteBuffer.allocateDirect(Codec.bound(Bulk.PagesWanted.MAX_PAGES * PageRun.PAGE_SIZE));
  private final MemoryRanges ranges = new MemoryRanges(1);
  private Codec packedBy = Codec.NONE;
  private int rawBytes;
  private int wireBytes;
  private long packNanos;

  /**
   * Answers.
   *
   * @param idle as for {@link PageSender}
   * @param counts told what the answers have
   */
  public PageAnswer(Compression compression, DoubleSupplier idle, PageCounts counts) {
    this.codecs = new CodecChoice(compression, idle);
    this.counts = counts;
  }

  /**
   * Makes an answer.
   *
   * @return holds until the next is made
   * @throws PodkitException if not all of the pages can be read; PEER if there can be none
   */
  public Bulk.PageBatch to(Bulk.PagesWanted wanted, PageSource source) throws PodkitException {
    PageRun run = checked(wanted);
    read(run, source);
    ByteBuffer bytes = buffer.bytes();
    table.clear();
    int kept = 0;
    for (int page = 0; page < run.pages(); page++) {
      int at = page * PageRun.PAGE_SIZE;
      long address = run.address() + at;
      if (hash.isZero(bytes, at)) {
        table.zeros(address);
      } else {
        table.content(address);
        if (kept != at) {
          bytes.put(kept, bytes, at, PageRun.PAGE_SIZE);
        }
        kept += PageRun.PAGE_SIZE;
      }
    }
    int content = kept / PageRun.PAGE_SIZE;
    counts.pages(content, (int) run.pages() - content, 0, 0);
    Bulk.PageBatch answer = pack(wanted.memory(), bytes.duplicate().position(0).limit(kept));
    counts.wire(answer.table().remaining() + answer.content().remaining());
    return answer;
  }

  private static PageRun checked(Bulk.PagesWanted wanted) throws PodkitException {
    try {
      return PageRun.checked(wanted.address(), wanted.pages());
    } catch (ImageFormatException e) {
      throw PodkitException.peer("the target asks for what are no pages: " + e.getMessage(), e);
    }
  }

  private void read(PageRun run, PageSource source) throws PodkitException {
    ranges.clear();
    ranges.add(run.address(), run.bytes());
    buffer.bytes().clear().limit((int) run.bytes());
    try {
      if (source.read(ranges, buffer) != run.bytes()) {
        throw PodkitException.internal("cannot read " + run + " of " + source, null);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot read the memory of " + source, e);
    }
  }

  /**
   * The last answer was sent: tells the choice of codecs what the link is like.
   *
   * @param nanos how long that took
   */
  public void sent(long nanos) {
    codecs.sent(packedBy, rawBytes, wireBytes, packNanos, nanos);
  }

  private Bulk.PageBatch pack(long memory, ByteBuffer content) {
    Codec codec = content.hasRemaining() ? codecs.next(content) : Codec.NONE;
    long chosen = System.nanoTime();
    ByteBuffer small = codec == Codec.NONE ? content : codec.pack(content, packed);
    boolean pays = small.remaining() < content.remaining();
    packedBy = codec;
    rawBytes = content.remaining();
    wireBytes = pays ? small.remaining() : content.remaining();
    packNanos = System.nanoTime() - chosen;
    return new Bulk.PageBatch(
        memory,
        pays ? codec.number() : Codec.NONE.number(),
        content.remaining(),
        table.written(),
        pays ? small : content);
  }
}
