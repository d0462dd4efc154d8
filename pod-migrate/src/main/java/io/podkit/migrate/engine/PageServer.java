package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.memory.tracking.FrozenMemory;
import io.podkit.migrate.memory.tracking.PageSource;
import io.podkit.migrate.memory.transfer.PageAnswer;
import io.podkit.migrate.memory.transfer.PageCounts;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.transport.DataChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what a target asks about the memory of a pod that stands still here: on each channel by a
 * thread of its own, so that what is urgent on the first need not wait for the others.
 */
final class PageServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);

  /**
   * A pod that waits for nothing asks for nothing; a dead peer is noticed on the control channel.
   */
  private static final Duration SILENCE = Duration.ofDays(30);

  private static final Duration ORDERLY = Duration.ofSeconds(2);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final FrozenMemory memory;
  private final ExecutorService threads = Executors.newCachedThreadPool(PageServer::thread);
  private final List<DataChannel> channels;
  private final Consumer<PodkitException> whenFailed;

  private PageServer(
      FrozenMemory memory, List<DataChannel> channels, Consumer<PodkitException> whenFailed) {
    this.memory = memory;
    this.channels = channels;
    this.whenFailed = whenFailed;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "migrate-serve");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins to answer on those channels, on which nobody may receive any more.
   *
   * @param whenFailed told by any thread that a channel failed, other than by ending
   */
  static PageServer serve(
      FrozenMemory memory,
      List<DataChannel> channels,
      Compression compression,
      DoubleSupplier idle,
      PageCounts counts,
      Consumer<PodkitException> whenFailed) {
    PageServer server = new PageServer(memory, channels, whenFailed);
    for (DataChannel channel : channels) {
      boolean urgent = channel.index() == 0;
      PageAnswer answers = new PageAnswer(urgent ? Compression.NONE : compression, idle, counts);
      server.threads.execute(() -> server.answer(channel, answers, urgent));
    }
    return server;
  }

  private void answer(DataChannel channel, PageAnswer answers, boolean urgent) {
    try {
      while (true) {
        Frame frame = channel.receive(SILENCE);
        if (!(frame.message() instanceof Bulk.PagesWanted wanted)) {
          throw channel.unexpected(frame);
        }
        PageSource source = memory.source(wanted.memory());
        if (source == null) {
          throw PodkitException.peer("the target asks for memory that the pod does not have", null);
        }
        Bulk.PageBatch answer = answers.to(wanted, source);
        long began = System.nanoTime();
        channel.answer(frame, answer, urgent);
        answers.sent(System.nanoTime() - began);
      }
    } catch (PodkitException e) {
      LOG.debug("channel {} for pages ends", channel.index(), e);
      if (!SourceEnded.orderly(e) && !Thread.currentThread().isInterrupted()) {
        channel.fail(e);
        whenFailed.accept(e);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      PodkitException failed = PodkitException.internal("sending memory failed", e);
      channel.fail(failed);
      whenFailed.accept(failed);
    }
  }

  /**
   * Answers no more. The channels are as they were, unless a peer that takes nothing held it up.
   */
  @Override
  public void close() throws PodkitException {
    threads.shutdownNow();
    try {
      if (threads.awaitTermination(ORDERLY.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      channels.forEach(DataChannel::abort);
      if (!threads.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        throw PodkitException.timeout("the threads that send memory go on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while the sending of memory was stopped");
    }
  }
}
