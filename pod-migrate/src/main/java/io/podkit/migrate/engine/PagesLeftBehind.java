package io.podkit.migrate.engine;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.memory.store.FillSplit;
import io.podkit.migrate.memory.tracking.PageSource;
import io.podkit.migrate.memory.tracking.RunSink;
import io.podkit.migrate.memory.transfer.PageSender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts what a tracker finds in a pod whose memory is to follow it: memory that processes share
 * goes at once; of each process's own only what CRIU wants when it builds it, and the target is
 * told to forget what it has of the rest. One thread at a time.
 */
final class PagesLeftBehind implements RunSink {
  private final PageSender sender;
  private final boolean sentBefore;
  private final Map<PageSource, List<PageRun>> stale = new LinkedHashMap<>();

  /**
   * Nothing was found yet.
   *
   * @param sentBefore whether the target may have anything of it
   */
  PagesLeftBehind(PageSender sender, boolean sentBefore) {
    this.sender = sender;
    this.sentBefore = sentBefore;
  }

  @Override
  public void run(PageSource source, long address, long pages) throws PodkitException {
    if (source.isShared()) {
      sender.run(source, address, pages);
    } else {
      stale.computeIfAbsent(source, unknown -> new ArrayList<>()).add(new PageRun(address, pages));
    }
  }

  /**
   * Sends what has to go and says what stays.
   *
   * @param images complete, but for memory
   */
  void settle(Path images, MemoryInventory inventory) throws PodkitException {
    try {
      FillSplit split = FillSplit.of(images);
      for (MemoryInventory.OfProcess process : inventory.processes()) {
        for (Map.Entry<PageSource, List<PageRun>> entry : stale.entrySet()) {
          if (entry.getKey().memory() == process.memory()) {
            settle(entry.getKey(), entry.getValue(), split.atOnce(process));
          }
        }
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot tell what memory a pod needs at once", e);
    }
  }

  private void settle(PageSource source, List<PageRun> found, List<PageRun> atOnce)
      throws PodkitException {
    List<PageRun> runs = new ArrayList<>(found);
    runs.sort(Comparator.comparingLong(PageRun::address));
    int wanted = 0;
    for (PageRun run : runs) {
      long at = run.address();
      // Runs that were found twice may begin before the last one's end.
      while (wanted > 0 && atOnce.get(wanted - 1).end() > at) {
        wanted--;
      }
      while (at < run.end()) {
        while (wanted < atOnce.size() && atOnce.get(wanted).end() <= at) {
          wanted++;
        }
        PageRun next = wanted < atOnce.size() ? atOnce.get(wanted) : null;
        long start = next == null ? run.end() : Math.min(run.end(), Math.max(at, next.address()));
        long end = next == null ? run.end() : Math.min(run.end(), Math.max(at, next.end()));
        if (sentBefore && start > at) {
          sender.forget(source, at, (start - at) / PageRun.PAGE_SIZE);
        }
        if (end > start) {
          sender.run(source, start, (end - start) / PageRun.PAGE_SIZE);
        }
        at = Math.max(start, end);
      }
    }
  }
}
