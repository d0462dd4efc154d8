package io.podkit.migrate.memory.store;

import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.transfer.PageTaker;
import io.podkit.migrate.protocol.Bulk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a pod that runs, or is about to, while some of it is still on its way: takes what
 * comes, tells what to ask for next. Each page has a slot of its own from the start, so that it may
 * come twice and does no harm. Thread-safe.
 */
public final class RemotePages implements PageTaker, AutoCloseable {
  private final FileChannel store;
  private final RemoteIndex index;
  private final MissingPages missing;
  private final Arrived arrived;
  private long left;

  /** Hears what has come. */
  @FunctionalInterface
  public interface Arrived {
    /** Adjacent pages of a process are in the store, or known to be zeros. */
    void arrived(long podPid, PageRun run) throws PodkitException;
  }

  private RemotePages(FileChannel store, RemoteIndex index, Arrived arrived) {
    this.store = store;
    this.index = index;
    this.missing = new MissingPages(index);
    this.arrived = arrived;
    this.left = index.countRemote();
  }

  /** Takes up a filler's store and index, wherever whoever had them before has stopped. */
  public static RemotePages open(Path directory, Arrived arrived) throws PodkitException {
    try {
      FileChannel store =
          FileChannel.open(directory.resolve(PageStore.FILE), StandardOpenOption.WRITE);
      try {
        RemoteIndex index = RemoteIndex.open(directory, store.size() / PageRun.PAGE_SIZE);
        return new RemotePages(store, index, arrived);
      } catch (IOException e) {
        store.close();
        throw e;
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot open what a pod's memory is kept in", e);
    }
  }

  /** How many pages are still to come. */
  public synchronized long left() {
    return left;
  }

  /** What to ask for next; null when everything was asked for. */
  public synchronized Bulk.@Nullable PagesWanted next() {
    return missing.next();
  }

  /**
   * Somebody waits for these pages: what lies around them is asked for next.
   *
   * @return the request for them, null if they have come meanwhile
   */
  public synchronized Bulk.@Nullable PagesWanted urgent(long podPid, PageRun run) {
    IndexedTask task = index.task(new MemoryImage(MemoryImage.Kind.TASK, podPid).encoded());
    return task == null ? null : missing.urgent(task, run);
  }

  @Override
  public synchronized void content(long memory, PageRun run, ByteBuffer content)
      throws PodkitException {
    IndexedTask task = task(memory);
    long first = first(task, run);
    int start = content.position();
    try {
      long at = first;
      while (at < first + run.pages()) {
        long end = at;
        while (end < first + run.pages() && index.isRemote(task, end)) {
          end++;
        }
        if (end > at) {
          int from = start + (int) ((at - first) * PageRun.PAGE_SIZE);
          write(content.slice(from, (int) ((end - at) * PageRun.PAGE_SIZE)), task.slotFor(at));
          for (long page = at; page < end; page++) {
            index.came(task, page);
          }
          left -= end - at;
        }
        at = Math.max(end, at + 1);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot keep the memory that comes in", e);
    }
    content.position(start + (int) run.bytes());
    tell(memory, run);
  }

  private void write(ByteBuffer content, long slot) throws IOException {
    long at = slot * PageRun.PAGE_SIZE;
    while (content.hasRemaining()) {
      at += store.write(content, at);
    }
  }

  @Override
  public synchronized void zeros(long memory, PageRun run) throws PodkitException {
    IndexedTask task = task(memory);
    long first = first(task, run);
    for (long page = first; page < first + run.pages(); page++) {
      if (index.isRemote(task, page)) {
        index.isZero(task, page);
        left--;
      }
    }
    tell(memory, run);
  }

  private void tell(long memory, PageRun run) throws PodkitException {
    arrived.arrived(memory >>> 8, run);
  }

  @Override
  public void same(long memory, PageRun run, long otherMemory, long otherAddress)
      throws PodkitException {
    throw PodkitException.peer("the source refers to pages that may be gone by now", null);
  }

  @Override
  public void absent(long memory, PageRun run) throws PodkitException {
    throw PodkitException.peer("the source takes pages back of a pod that it gave away", null);
  }

  private IndexedTask task(long memory) throws PodkitException {
    IndexedTask task = index.task(memory);
    if (task == null) {
      throw PodkitException.peer("the source sent memory of a process that has none", null);
    }
    return task;
  }

  /** The first page's number; all of them must be the task's. */
  private static long first(IndexedTask task, PageRun run) throws PodkitException {
    long first = task.ordinalOf(run.address());
    long last = task.ordinalOf(run.end() - PageRun.PAGE_SIZE);
    if (first < 0 || last - first != run.pages() - 1) {
      throw PodkitException.peer("the source sent pages that the pod does not have", null);
    }
    return first;
  }

  /** Every page has been filled in: gives the memory back, whoever else has the file open. */
  public void discard() throws PodkitException {
    try {
      store.truncate(0);
    } catch (IOException e) {
      throw PodkitException.io("cannot give back what a pod's memory was kept in", e);
    }
  }

  @Override
  public void close() throws PodkitException {
    try {
      store.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot close the store of memory", e);
    }
  }
}
