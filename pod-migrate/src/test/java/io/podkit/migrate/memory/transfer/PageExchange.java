package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.store.PageStore;
import io.podkit.migrate.memory.store.StoredPages;
import io.podkit.migrate.protocol.Bulk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Both ends of one channel, and what the pages should be at the far one. */
final class PageExchange implements AutoCloseable {
  private final PageStore store;
  private final PageCounts counts = new PageCounts(bytes -> {});
  private final BatchEncoder encoder = new BatchEncoder();
  private final BatchDecoder decoder;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
  private final Map<Page, byte[]> sent = new HashMap<>();

  /** One page's place. */
  record Page(long memory, long address) {}

  PageExchange(Path directory, long limit) throws PodkitException {
    store = PageStore.create(directory, limit);
    decoder = new BatchDecoder(store.lane(0));
  }

  /** One batch: the contents of these pages of one memory. */
  void send(long memory, List<Long> addresses, List<byte[]> contents, Codec codec)
      throws PodkitException {
    buffer.clear();
    contents.forEach(buffer::put);
    encoder.begin(buffer);
    for (int i = 0; i < addresses.size(); i++) {
      encoder.add(memory, addresses.get(i), i * PageRun.PAGE_SIZE);
      sent.put(new Page(memory, addresses.get(i)), contents.get(i));
    }
    encoder.count(counts);
    if (!encoder.isEmpty()) {
      decoder.take(encoder.finish(memory, codec));
    }
  }

  void take(Bulk.PageBatch batch) throws PodkitException {
    decoder.take(batch);
  }

  PageCounts.Snapshot counts() {
    return counts.snapshot();
  }

  PageStore store() {
    return store;
  }

  /** What was sent last, by page. */
  Map<Page, byte[]> sent() {
    return sent;
  }

  byte[] stored(Page page) throws IOException {
    StoredPages pages = store.pages();
    ByteBuffer content = ByteBuffer.allocate(PageRun.PAGE_SIZE);
    pages.read(page.memory(), page.address(), content);
    return content.array();
  }

  @Override
  public void close() throws PodkitException {
    store.close();
  }
}
