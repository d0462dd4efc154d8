package io.podkit.migrate.memory.store;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import io.podkit.migrate.memory.inventory.MemoryDigest;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;

/** Compares what is in the store with what the source read when it had sent everything. */
public final class StoreDigests {
  private final StoredPages store;
  private final Iterator<Long> expected;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(MemoryDigest.PAGES * PageRun.PAGE_SIZE);

  private StoreDigests(StoredPages store, Iterator<Long> expected) {
    this.store = store;
    this.expected = expected;
  }

  /**
   * Compares, if the source wants that.
   *
   * @throws ImageFormatException if some memory is not as it was
   */
  public static void verify(MemoryInventory inventory, StoredPages store) throws IOException {
    if (inventory.digests().isEmpty()) {
      return;
    }
    StoreDigests comparing = new StoreDigests(store, inventory.digests().iterator());
    for (MemoryInventory.OfProcess process : inventory.processes()) {
      comparing.compare(new MemoryImage(MemoryImage.Kind.TASK, process.podPid()), process.runs());
    }
    for (MemoryInventory.OfObject object : inventory.objects()) {
      comparing.compare(new MemoryImage(MemoryImage.Kind.SHARED, object.id()), object.runs());
    }
  }

  private void compare(MemoryImage image, List<PageRun> runs) throws IOException {
    MemoryDigest digest = new MemoryDigest();
    digest.add(runs, (address, pages, into) -> read(image, address, pages, into), buffer);
    if (digest.value() != expected.next()) {
      throw new ImageFormatException("memory of " + image + " did not arrive as it was read again");
    }
  }

  private void read(MemoryImage image, long address, int pages, ByteBuffer into)
      throws IOException {
    for (int page = 0; page < pages; page++) {
      store.read(image.encoded(), address + (long) page * PageRun.PAGE_SIZE, into);
    }
  }
}
