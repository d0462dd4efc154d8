package io.podkit.migrate.memory.store;

import io.podkit.criu.image.MappedArea;
import io.podkit.criu.image.PageRun;
import io.podkit.criu.image.ThreadStacks;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;

/**
 * Tells the pages that CRIU wants when it builds a task from those that may come when the task
 * wants them, as CRIU's images say.
 */
public final class FillSplit {
  private final Path images;
  private final NavigableSet<Long> stacks;

  private FillSplit(Path images, NavigableSet<Long> stacks) {
    this.images = images;
    this.stacks = stacks;
  }

  /** By complete images, but for memory. */
  public static FillSplit of(Path images) throws IOException {
    return new FillSplit(images, ThreadStacks.pages(images));
  }

  /** Those of a process's pages that CRIU wants when it builds the task. */
  public List<PageRun> atOnce(MemoryInventory.OfProcess process) throws IOException {
    return pieces(process).stream()
        .filter(piece -> piece.origin() == Piece.Origin.STORED)
        .map(Piece::run)
        .toList();
  }

  /** What the inventory says, by the way in which CRIU restores each page of it. */
  List<Piece> pieces(MemoryInventory.OfProcess process) throws IOException {
    List<MappedArea> areas = MappedArea.read(images, process.podPid());
    List<Piece> pieces = new ArrayList<>();
    int area = 0;
    for (PageRun run : process.runs()) {
      long at = run.address();
      while (at < run.end()) {
        while (area < areas.size() && areas.get(area).end() <= at) {
          area++;
        }
        if (area == areas.size()) {
          return pieces; // what CRIU made for itself and has removed
        }
        MappedArea within = areas.get(area);
        long end = Math.min(run.end(), within.end());
        if (at < within.start()) {
          at = Math.min(run.end(), within.start());
        } else {
          if (within.holdsPages()) {
            split(at, end, within.lazy(), pieces);
          }
          at = end;
        }
      }
    }
    return pieces;
  }

  /** Pages that a stack pointer points into come at once. */
  private void split(long start, long end, boolean lazy, List<Piece> pieces) {
    long at = start;
    for (long stack : lazy ? stacks.subSet(start, end) : Set.<Long>of()) {
      add(pieces, at, stack, Piece.Origin.LATER);
      add(pieces, stack, stack + PageRun.PAGE_SIZE, Piece.Origin.STORED);
      at = stack + PageRun.PAGE_SIZE;
    }
    add(pieces, at, end, lazy ? Piece.Origin.LATER : Piece.Origin.STORED);
  }

  private static void add(List<Piece> pieces, long start, long end, Piece.Origin origin) {
    if (start < end) {
      pieces.add(new Piece(new PageRun(start, (end - start) / PageRun.PAGE_SIZE), origin));
    }
  }
}
