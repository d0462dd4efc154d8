package io.podkit.migrate.engine;

import io.podkit.criu.image.PageRun;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.memory.tracking.RunSink;
import java.util.ArrayList;
import java.util.List;

/**
 * Remembers what was written to last: the pod will want it first on the target. One thread at a
 * time.
 */
final class HotPages {
  /** More would be no preference any more. */
  private static final int MOST = 1 << 14;

  private final List<MemoryInventory.Hot> pages = new ArrayList<>();

  /** Listens to what goes to that sink. */
  RunSink before(RunSink sink) {
    return (source, address, count) -> {
      if (pages.size() < MOST) {
        pages.add(new MemoryInventory.Hot(source.memory(), new PageRun(address, count)));
      }
      sink.run(source, address, count);
    };
  }

  /** A round begins: what came before was not last. */
  void clear() {
    pages.clear();
  }

  List<MemoryInventory.Hot> pages() {
    return List.copyOf(pages);
  }
}
