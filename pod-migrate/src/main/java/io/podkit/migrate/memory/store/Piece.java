package io.podkit.migrate.memory.store;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageFlag;
import io.podkit.criu.image.PageRun;
import io.podkit.criu.image.PagemapImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Adjacent pages of one task that come from one place.
 *
 * @param run which
 * @param origin where from
 */
record Piece(PageRun run, Origin origin) {
  /** Where a page comes from in a restore. */
  enum Origin {
    /** CRIU dumped it. */
    DUMPED,
    /** From the store, before the task runs. */
    STORED,
    /** From the store, when the task wants it. */
    LATER
  }

  /**
   * What CRIU dumped and what we carried, by address.
   *
   * @throws ImageFormatException if both have the same page, or CRIU left something out
   */
  static List<Piece> merge(List<PagemapImage.Entry> dumped, List<Piece> carried)
      throws ImageFormatException {
    List<Piece> merged = new ArrayList<>();
    int ours = 0;
    for (PagemapImage.Entry entry : dumped) {
      while (ours < carried.size() && carried.get(ours).run().end() <= entry.run().address()) {
        merged.add(carried.get(ours++));
      }
      boolean twice =
          ours < carried.size() && carried.get(ours).run().address() < entry.run().end();
      if (twice || !entry.flags().contains(PageFlag.PRESENT)) {
        throw new ImageFormatException(
            "CRIU dumped "
                + entry.run()
                + (twice ? ", which Podkit carries" : " without contents"));
      }
      merged.add(new Piece(entry.run(), Origin.DUMPED));
    }
    merged.addAll(carried.subList(ours, carried.size()));
    return merged;
  }
}
