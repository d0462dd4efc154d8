package io.podkit.migrate.memory.store;

import io.podkit.criu.image.PageRun;
import io.podkit.migrate.protocol.Bulk;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The order in which pages are asked for that are still to come: what lies around a fault, then the
 * hot pages, then everything by address. Each is asked for once, but by faults again. Not
 * thread-safe.
 */
final class MissingPages {
  /** In one request: what waits behind it waits little. */
  private static final int AT_ONCE = Bulk.PagesWanted.MAX_PAGES;

  /** Pages around one that somebody waits for, aligned: 512 KiB. */
  private static final int AROUND = 128;

  /** More than this the pod cannot be said to prefer. */
  private static final int MOST_PREFERRED = 1024;

  private final RemoteIndex index;
  private final Map<IndexedTask, BitSet> asked = new HashMap<>();
  private final Deque<Range> around = new ArrayDeque<>();
  private final Deque<Range> rest = new ArrayDeque<>();

  /** Pages of one task that are looked through, from one number on. */
  private static final class Range {
    private final IndexedTask task;
    private final long end;
    private long at;

    Range(IndexedTask task, long at, long end) {
      this.task = task;
      this.at = at;
      this.end = end;
    }
  }

  MissingPages(RemoteIndex index) {
    this.index = index;
    for (RemoteIndex.PageRunOfTask hot : index.hot()) {
      rest.add(new Range(hot.task(), hot.ordinal(), hot.ordinal() + hot.pages()));
    }
    for (IndexedTask task : index.tasks()) {
      asked.put(task, new BitSet());
      rest.add(new Range(task, 0, task.pages()));
    }
  }

  /** The next to ask for; null when all were. */
  Bulk.@Nullable PagesWanted next() {
    Bulk.PagesWanted wanted = next(around);
    return wanted == null ? next(rest) : wanted;
  }

  private Bulk.@Nullable PagesWanted next(Deque<Range> ranges) {
    while (!ranges.isEmpty()) {
      Range range = ranges.getFirst();
      BitSet done = asked(range.task);
      while (range.at < range.end) {
        long free = done.nextClearBit((int) range.at);
        range.at = Math.min(free, range.end);
        if (range.at == range.end) {
          break;
        }
        if (!index.isRemote(range.task, range.at)) {
          done.set((int) range.at++);
          continue;
        }
        PageRun run = wanted(range.task, range.at, Math.min(AT_ONCE, free(done, range)));
        done.set((int) range.at, (int) (range.at + run.pages()));
        range.at += run.pages();
        return new Bulk.PagesWanted(range.task.memory(), run.address(), (int) run.pages());
      }
      ranges.removeFirst();
    }
    return null;
  }

  /** From where a range is on: how many of its pages nobody has asked for. */
  private static long free(BitSet done, Range range) {
    int end = done.nextSetBit((int) range.at);
    return (end < 0 ? range.end : Math.min(end, range.end)) - range.at;
  }

  private BitSet asked(IndexedTask task) {
    return asked.computeIfAbsent(task, unknown -> new BitSet());
  }

  /** Adjacent pages from one that is still to come, as far as the others are. */
  private PageRun wanted(IndexedTask task, long ordinal, long most) {
    PageRun run = task.runFrom(ordinal, most);
    if (run == null) {
      throw new IllegalStateException("no page " + ordinal);
    }
    long pages = 1;
    while (pages < run.pages() && index.isRemote(task, ordinal + pages)) {
      pages++;
    }
    return new PageRun(run.address(), pages);
  }

  /** As {@link RemotePages#urgent}. */
  Bulk.@Nullable PagesWanted urgent(IndexedTask task, PageRun run) {
    long first = task.ordinalOf(run.address());
    if (first < 0 || !index.isRemote(task, first)) {
      return null;
    }
    long start = first / AROUND * AROUND;
    around.addFirst(new Range(task, start, Math.min(start + AROUND, task.pages())));
    if (around.size() > MOST_PREFERRED) {
      around.removeLast();
    }
    PageRun wanted = wanted(task, first, Math.min(run.pages(), Bulk.PagesWanted.MAX_PAGES));
    asked(task).set((int) first, (int) (first + wanted.pages()));
    return new Bulk.PagesWanted(task.memory(), wanted.address(), (int) wanted.pages());
  }
}
