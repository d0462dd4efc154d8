package io.podkit.migrate.memory.tracking;

import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import io.podkit.migrate.memory.inventory.MemoryDigest;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Digests of memory as it is at its source. */
final class SourceDigests {
  private final Map<Long, PageSource> sources;
  private final NativeBuffer buffer = NativeBuffer.allocate(MemoryDigest.PAGES * PageRun.PAGE_SIZE);
  private final MemoryRanges range = new MemoryRanges(1);

  private SourceDigests(Map<Long, PageSource> sources) {
    this.sources = sources;
  }

  /**
   * Reads everything.
   *
   * @param sources by the number of their memory image
   */
  static List<Long> of(MemoryInventory inventory, Map<Long, PageSource> sources)
      throws PodkitException {
    SourceDigests reading = new SourceDigests(sources);
    List<Long> digests = new ArrayList<>();
    try {
      for (MemoryInventory.OfProcess process : inventory.processes()) {
        digests.add(reading.digest(MemoryImage.Kind.TASK, process.podPid(), process.runs()));
      }
      for (MemoryInventory.OfObject object : inventory.objects()) {
        digests.add(reading.digest(MemoryImage.Kind.SHARED, object.id(), object.runs()));
      }
      return digests;
    } catch (IOException e) {
      throw PodkitException.io("cannot read the pod's memory again", e);
    }
  }

  private long digest(MemoryImage.Kind kind, long id, List<PageRun> runs) throws IOException {
    PageSource source = sources.get(new MemoryImage(kind, id).encoded());
    if (source == null) {
      throw new IOException("nothing has the memory of " + kind + " " + id);
    }
    MemoryDigest digest = new MemoryDigest();
    digest.add(runs, (address, pages, into) -> read(source, address, pages), buffer.bytes());
    return digest.value();
  }

  private void read(PageSource source, long address, int pages) throws IOException {
    long done = 0;
    long bytes = (long) pages * PageRun.PAGE_SIZE;
    while (done < bytes) {
      range.clear();
      range.add(address + done, bytes - done);
      long got = source.read(range, buffer);
      if (got == 0) {
        throw new IOException("the page at " + Long.toHexString(address + done) + " is unreadable");
      }
      done += got;
    }
  }
}
