package io.podkit.criu.image;

import com.google.protobuf.MessageLite;
import io.podkit.criu.proto.PagemapEntry;
import io.podkit.criu.proto.PagemapHead;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pagemap image of CRIU 4.2 while pages come in. Neighbours with the same flags become one
 * entry.
 */
public final class PagemapWriter implements AutoCloseable {

  /** CRIU numbers the pages files of its page server from here, those of a local dump from 1. */
  public static final int FIRST_PAGES_ID = 0x10001;

  private final OutputStream out;
  private @Nullable PageRun pending;
  private Set<PageFlag> pendingFlags = Set.of();

  /**
   * Begins an image.
   *
   * @param out buffered, if it is to be fast; owned and closed by this writer
   * @param pagesId N of the pages-N.img
   */
  public PagemapWriter(OutputStream out, int pagesId) throws IOException {
    this.out = out;
    writeInt(PagemapImage.COMMON_MAGIC);
    writeInt(PagemapImage.PAGEMAP_MAGIC);
    write(PagemapHead.newBuilder().setPagesId(pagesId).build());
  }

  /**
   * Adds pages, which lie after all earlier ones.
   *
   * @throws IllegalArgumentException if they do not
   */
  public void add(PageRun run, Set<PageFlag> flags) throws IOException {
    PageRun before = pending;
    if (before != null && run.address() < before.end()) {
      throw new IllegalArgumentException("pages " + run + " after " + before);
    }
    if (before != null && run.address() == before.end() && flags.equals(pendingFlags)) {
      pending = new PageRun(before.address(), before.pages() + run.pages());
      return;
    }
    flush();
    pending = run;
    pendingFlags = Set.copyOf(flags);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (pending != null) {
      write(
          PagemapEntry.newBuilder()
              .setVaddr(pending.address())
              .setCompatNrPages(0)
              .setFlags(PageFlag.bits(pendingFlags))
              .setNrPages(pending.pages())
              .build());
    }
  }

  private void write(MessageLite message) throws IOException {
    writeInt(message.getSerializedSize());
    message.writeTo(out);
  }

  private void writeInt(int value) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(bytes.putInt(value).array());
  }
}
