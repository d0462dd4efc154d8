package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import io.podkit.migrate.memory.tracking.PageSource;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Limits;
import java.io.IOException;

/**
 * One channel's share of the pages: reads them, packs them, sends them. A page is always on the
 * same lane, so that what is sent later overwrites what was sent earlier. One thread.
 */
final class PageLane {
  private final BatchSink sink;
  private final CodecChoice codecs;
  private final PageCounts counts;
  private final BatchEncoder encoder = new BatchEncoder();
  private final NativeBuffer buffer = NativeBuffer.allocate(Limits.MAX_CHUNK_BYTES);
  private final MemoryRanges ranges = new MemoryRanges(PageWork.MAX_PAGES);

  PageLane(BatchSink sink, CodecChoice codecs, PageCounts counts) {
    this.sink = sink;
    this.codecs = codecs;
    this.counts = counts;
  }

  /** Sends pages as they are now, or says that they stay here. */
  void send(PageWork work) throws PodkitException {
    if (work.forgets()) {
      forget(work);
    } else {
      sendContent(work);
    }
  }

  private void forget(PageWork work) throws PodkitException {
    long memory = work.source().memory();
    encoder.begin(buffer.bytes());
    for (int run = 0; run < work.runs(); run++) {
      long end = work.address(run) + work.bytes(run);
      for (long at = work.address(run); at < end; at += PageRun.PAGE_SIZE) {
        encoder.forget(memory, at);
      }
    }
    if (!encoder.isEmpty()) {
      sink.send(encoder.finish(memory, Codec.NONE));
    }
  }

  private void sendContent(PageWork work) throws PodkitException {
    PageSource source = work.source();
    try {
      int run = 0;
      long skip = 0;
      while (run < work.runs()) {
        ranges.clear();
        for (int i = run; i < work.runs(); i++) {
          long from = i == run ? skip : 0;
          ranges.add(work.address(i) + from, work.bytes(i) - from);
        }
        buffer.bytes().clear().limit((int) ranges.bytes());
        long got = source.read(ranges, buffer) & -PageRun.PAGE_SIZE;
        sendRead(source.memory(), got);
        // Where nothing can be read the pod has unmapped the next page, and what follows perhaps
        // not.
        long done = got == 0 ? PageRun.PAGE_SIZE : got;
        while (run < work.runs() && done >= work.bytes(run) - skip) {
          done -= work.bytes(run) - skip;
          skip = 0;
          run++;
        }
        skip += done;
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot read the memory of " + source, e);
    }
  }

  private void sendRead(long memory, long bytes) throws PodkitException {
    encoder.begin(buffer.bytes());
    int range = 0;
    long inRange = 0;
    for (int at = 0; at < bytes; at += PageRun.PAGE_SIZE, inRange += PageRun.PAGE_SIZE) {
      if (inRange == ranges.length(range)) {
        range++;
        inRange = 0;
      }
      encoder.add(memory, ranges.address(range) + inRange, at);
    }
    encoder.count(counts);
    if (encoder.isEmpty()) {
      return;
    }
    Codec codec = codecs.next(encoder.raw());
    long began = System.nanoTime();
    Bulk.PageBatch batch = encoder.finish(memory, codec);
    long packed = System.nanoTime();
    int wire = batch.table().remaining() + batch.content().remaining();
    sink.send(batch);
    counts.wire(wire);
    codecs.sent(
        codec,
        encoder.rawBytes(),
        batch.content().remaining(),
        packed - began,
        System.nanoTime() - packed);
  }

  /** Has the target get everything that was sent so far. */
  void flush() throws PodkitException {
    sink.flush();
  }
}
