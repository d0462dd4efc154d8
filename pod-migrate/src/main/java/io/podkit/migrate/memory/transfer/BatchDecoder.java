package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Unpacks the batches of one channel. What comes is hostile until checked. Not thread-safe. */
public final class BatchDecoder {
  private final PageTaker taker;
  private ByteBuffer unpacked = ByteBuffer.allocateDirect(0);

  /** Has {@code taker} get what the batches have. */
  public BatchDecoder(PageTaker taker) {
    this.taker = taker;
  }

  /**
   * Takes one batch.
   *
   * @throws PodkitException of kind PEER if it contradicts itself; pages before that were taken
   */
  public void take(Bulk.PageBatch batch) throws PodkitException {
    Codec codec = Codec.of(batch.codec());
    ByteBuffer content = codec == Codec.NONE ? batch.content().duplicate() : unpacked(codec, batch);
    if (content.remaining() != batch.rawBytes()) {
      throw PodkitException.peer("the source sent a batch of another length than it says", null);
    }
    ByteBuffer table = batch.table().duplicate();
    try {
      while (table.hasRemaining()) {
        entry(batch.memory(), table, content);
      }
    } catch (BufferUnderflowException | ImageFormatException e) {
      throw PodkitException.peer("the source sent a table of pages that makes no sense", e);
    }
    if (content.hasRemaining()) {
      throw PodkitException.peer("the source sent content that belongs to no page", null);
    }
  }

  private ByteBuffer unpacked(Codec codec, Bulk.PageBatch batch) throws PodkitException {
    if (unpacked.capacity() < batch.rawBytes()) {
      unpacked = ByteBuffer.allocateDirect(batch.rawBytes());
    }
    ByteBuffer raw = unpacked.slice(0, batch.rawBytes());
    codec.unpack(batch.content(), raw);
    return raw;
  }

  private void entry(long memory, ByteBuffer table, ByteBuffer content)
      throws PodkitException, ImageFormatException {
    PageRun run = PageRun.checked(table.getLong(), table.getInt());
    switch (table.getInt()) {
      case PageTable.CONTENT -> {
        if (run.bytes() > content.remaining()) {
          throw PodkitException.peer("the source sent pages without their content", null);
        }
        taker.content(memory, run, content);
      }
      case PageTable.ZEROS -> taker.zeros(memory, limited(run));
      case PageTable.SAME -> {
        long otherMemory = table.getLong();
        PageRun other = PageRun.checked(table.getLong(), limited(run).pages());
        taker.same(memory, run, otherMemory, other.address());
      }
      case PageTable.ABSENT -> taker.absent(memory, limited(run));
      default -> throw PodkitException.peer("the source sent pages of an unknown kind", null);
    }
  }

  /**
   * A run in one batch is never longer than a batch: nobody may make us note terabytes of zeros.
   */
  private static PageRun limited(PageRun run) throws PodkitException {
    if (run.pages() > PageWork.MAX_PAGES) {
      throw PodkitException.peer("the source sent more pages in one batch than it may", null);
    }
    return run;
  }
}
