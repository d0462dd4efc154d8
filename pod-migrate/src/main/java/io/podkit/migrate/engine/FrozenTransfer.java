package io.podkit.migrate.engine;

import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.MemoryRoute;
import io.podkit.core.api.PodRuntime;
import io.podkit.criu.image.LinkRemaps;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is sent while the pod stands still: memory, and at the same time the last of its files on
 * another channel; then CRIU's own images. What takes time to make is made before the freeze, by
 * the constructor.
 */
final class FrozenTransfer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration STOP = Duration.ofSeconds(10);

  private final SourceLink link;
  private final TreeSync trees;
  private final PhaseClock phases;
  private final AtomicLong memoryBytes;
  private final MemoryDirectory images;
  private final Path directory;
  private final MemoryCarrier carrier;
  private final ExecutorService threads;
  private final UndoStack open = new UndoStack("send a frozen pod");
  private @Nullable Future<?> files;
  private @Nullable Future<?> memory;
  private boolean complete;

  FrozenTransfer(
      PodRuntime runtime,
      SourceLink link,
      TreeSync trees,
      MigrationId id,
      PhaseClock phases,
      AtomicLong memoryBytes,
      Carriers carriers)
      throws PodkitException {
    this.link = link;
    this.trees = trees;
    this.phases = phases;
    this.memoryBytes = memoryBytes;
    try {
      images = runtime.memory(imagesName(id.hex()));
      open.push("free the images", images::close);
      directory = images.sub("images");
      carrier = carriers.make(images.sub("plan"), this::sentMemory);
      open.push("stop carrying memory", carrier::close);
      threads =
          Executors.newFixedThreadPool(
              2,
              work -> {
                Thread thread = new Thread(work, "migrate-frozen");
                thread.setDaemon(true);
                return thread;
              });
      open.push("stop sending", this::stopSending);
      if (carrier.carriesFromTheStart()) {
        memory = carry();
      }
    } catch (PodkitException e) {
      open.close();
      throw e;
    }
  }

  private Future<?> carry() {
    return threads.submit(
        () -> {
          carrier.carry();
          return null;
        });
  }

  /** Makes what carries the memory. */
  interface Carriers {
    /**
     * Makes one.
     *
     * @param scratch a directory in memory
     * @param sent told how many bytes went out
     */
    MemoryCarrier make(Path scratch, LongConsumer sent) throws PodkitException;
  }

  /** The name of the memory directory with CRIU's images of one migration on the source. */
  static String imagesName(String migration) {
    return "from-" + migration;
  }

  private void sentMemory(long count) {
    memoryBytes.addAndGet(count);
    phases.sent(count);
  }

  Path images() {
    return directory;
  }

  /** Which way memory goes. */
  MemoryRoute memory() {
    return carrier.route();
  }

  /** The pod stands still: the last files and the memory begin to flow. */
  void begin() throws PodkitException {
    phases.enter(MigrationPhase.TRANSFER, 0);
    carrier.begin();
    if (!carrier.carriesFromTheStart()) {
      memory = carry();
    }
    files =
        threads.submit(
            () -> {
              trees.lastPass();
              return null;
            });
  }

  /** CRIU is done: sends its images, and returns when the target has stored everything. */
  void finish() throws PodkitException {
    await(files);
    if (filesWereLinked()) {
      trees.lastPass();
    }
    await(memory);
    carrier.finish(images());
    new FileSender(link.files(), this::sentMemory).images(images());
    link.sync(PATIENCE);
  }

  /** The target has everything but what follows: has it build the pod. */
  void restore() throws PodkitException {
    phases.enter(MigrationPhase.RESTORE, 0);
    link.control().ask(new Control.Restore(memoryFollows()), PATIENCE);
    complete = true;
  }

  /** Whether memory stays here until the target asks for it. */
  boolean memoryFollows() {
    return carrier.memoryFollows();
  }

  /** Whether CRIU changed the pod's tree while its last files were on their way already. */
  private boolean filesWereLinked() throws PodkitException {
    try {
      return LinkRemaps.existIn(images());
    } catch (IOException e) {
      throw PodkitException.io("cannot read CRIU's images", e);
    }
  }

  /** Nobody may use the trees and sockets any more that are closed next. */
  private void stopSending() throws PodkitException, InterruptedException {
    if (!complete) {
      link.abort(); // a write to a peer that takes nothing cannot be interrupted
    }
    threads.shutdownNow();
    if (!threads.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
      throw PodkitException.timeout("the threads that send the frozen pod go on");
    }
  }

  /**
   * Why the dump failed: what CRIU says when its socket was closed is only the consequence of what
   * broke the sending.
   */
  PodkitException explain(PodkitException failure) {
    for (Future<?> task : new Future<?>[] {files, memory}) {
      PodkitException reason = task == null || !task.isDone() ? null : failureOf(task);
      if (reason != null && reason != failure) {
        reason.addSuppressed(failure);
        return reason;
      }
    }
    return failure;
  }

  private static @Nullable PodkitException failureOf(Future<?> done) {
    try {
      await(done);
      return null;
    } catch (PodkitException e) {
      return e;
    }
  }

  private static void await(@Nullable Future<?> task) throws PodkitException {
    if (task == null) {
      throw PodkitException.internal("CRIU finished a dump that never began", null);
    }
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the migration was interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof PodkitException reason
          ? reason
          : PodkitException.internal("sending the frozen pod failed", e.getCause());
    }
  }

  @Override
  public void close() throws PodkitException {
    open.close();
  }
}
