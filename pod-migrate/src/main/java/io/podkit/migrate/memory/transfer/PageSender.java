package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.memory.tracking.PageSource;
import io.podkit.migrate.memory.tracking.RunSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the pages that a tracker finds over several channels at once, while it goes on looking. A
 * few batches wait at most: what is written to meanwhile is found by the next round.
 *
 * <p>{@link #run} and {@link #await} are called by one thread; closing stops the lanes.
 */
public final class PageSender implements RunSink, AutoCloseable {
  /** Neighbouring pages go together, and no page ever changes its lane. */
  private static final long STRIPE = 2L << 20;

  private static final int QUEUE = 16;
  private static final Duration STOP = Duration.ofSeconds(10);

  private final List<Lane> lanes = new ArrayList<>();
  private final PageCounts counts;
  private final AtomicReference<@Nullable PodkitException> failure = new AtomicReference<>();
  private final Runnable whenFailed;

  /** A channel, its thread, and what waits for it. */
  private final class Lane {
    final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE);
    final Thread thread;
    @Nullable PageWork open;

    @SuppressWarnings("ThreadPriorityCheck") // a wish, on which nothing relies
    Lane(int index, PageLane sends) {
      thread = new Thread(() -> work(sends), "migrate-memory-" + index);
      thread.setDaemon(true);
      // While it runs the pod goes first; bin/pod makes the JVM heed this.
      thread.setPriority(Thread.MIN_PRIORITY);
      thread.start();
    }

    private void work(PageLane sends) {
      try {
        while (true) {
          Object next = queue.take();
          if (next instanceof PageWork pages) {
            if (failure.get() == null) {
              sends.send(pages);
            }
          } else if (next instanceof CountDownLatch drained) {
            sends.flush();
            drained.countDown();
          }
        }
      } catch (PodkitException e) {
        fail(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | OutOfMemoryError e) {
        fail(PodkitException.internal("sending memory failed", e));
      }
    }
  }

  /**
   * Lanes to those sinks.
   *
   * @param idle the share of this host's processors that nobody uses
   * @param sent told how many bytes went out
   * @param whenFailed called once when a lane has failed
   */
  public PageSender(
      List<BatchSink> sinks,
      Compression compression,
      DoubleSupplier idle,
      LongConsumer sent,
      Runnable whenFailed) {
    this.whenFailed = whenFailed;
    counts = new PageCounts(sent);
    for (int i = 0; i < sinks.size(); i++) {
      CodecChoice codecs = new CodecChoice(compression, idle);
      lanes.add(new Lane(i, new PageLane(sinks.get(i), codecs, counts)));
    }
  }

  private void fail(PodkitException e) {
    if (failure.compareAndSet(null, e)) {
      whenFailed.run();
    }
  }

  public PageCounts counts() {
    return counts;
  }

  @Override
  public void run(PageSource source, long address, long pages) throws PodkitException {
    distribute(source, address, pages, false);
  }

  /** Has the target forget what it may have of pages that are out of date and stay here. */
  public void forget(PageSource source, long address, long pages) throws PodkitException {
    distribute(source, address, pages, true);
  }

  private void distribute(PageSource source, long address, long pages, boolean forgets)
      throws PodkitException {
    long at = address;
    long end = address + pages * PageRun.PAGE_SIZE;
    while (at < end) {
      Lane lane = lanes.get((int) (at / STRIPE % lanes.size()));
      long stripeEnd = Math.min(end, (at / STRIPE + 1) * STRIPE);
      while (at < stripeEnd) {
        PageWork work = lane.open;
        if (work == null
            || work.source() != source
            || work.forgets() != forgets
            || work.room() == 0) {
          hand(lane);
          work = new PageWork(source, forgets);
          lane.open = work;
        }
        int count = (int) Math.min(work.room(), (stripeEnd - at) / PageRun.PAGE_SIZE);
        work.add(at, count);
        at += (long) count * PageRun.PAGE_SIZE;
      }
    }
  }

  private void hand(Lane lane) throws PodkitException {
    PageWork work = lane.open;
    lane.open = null;
    if (work != null) {
      put(lane, work);
    }
  }

  private void put(Lane lane, Object item) throws PodkitException {
    try {
      boolean taken = false;
      while (!taken) {
        check();
        taken = lane.queue.offer(item, 100, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the migration was interrupted");
    }
  }

  /** From now on nobody goes first: the pod stands still, and waits for what is sent. */
  @SuppressWarnings("ThreadPriorityCheck") // a wish, on which nothing relies
  public void hurry() {
    lanes.forEach(lane -> lane.thread.setPriority(Thread.NORM_PRIORITY));
  }

  /** Throws what a lane has failed with. */
  private void check() throws PodkitException {
    PodkitException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /** Returns when everything has left; the target need not have got it. */
  public void await() throws PodkitException {
    CountDownLatch drained = new CountDownLatch(lanes.size());
    for (Lane lane : lanes) {
      hand(lane);
      put(lane, drained);
    }
    try {
      while (!drained.await(100, TimeUnit.MILLISECONDS)) {
        check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the migration was interrupted");
    }
    check();
  }

  /** Why sending failed, null if it did not. */
  public @Nullable PodkitException failure() {
    return failure.get();
  }

  /**
   * Stops sending. A lane that waits for a peer which takes nothing must be freed by closing it.
   */
  @Override
  public void close() throws PodkitException {
    lanes.forEach(lane -> lane.thread.interrupt());
    try {
      for (Lane lane : lanes) {
        lane.thread.join(STOP.toMillis());
        if (lane.thread.isAlive()) {
          throw PodkitException.timeout("the threads that send memory go on");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the migration was interrupted");
    }
  }
}
