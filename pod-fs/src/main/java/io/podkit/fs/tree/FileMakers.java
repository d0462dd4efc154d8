package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes the small files of one tree on several threads: of a file of some kilobytes the kernel's
 * work to create it is most. What is handed over may be made in any order, but for one name, so
 * whoever changes anything else waits for all of it first.
 *
 * <p>For one thread that hands over; it owns this, and closes it.
 */
final class FileMakers implements AutoCloseable {

  /** Larger files are made where they are read: they need no helpers, and much memory. */
  static final int LARGEST = 128 * 1024;

  private static final int MOST_THREADS = 4;
  private static final int PENDING = 32;

  /** As many names are remembered, so that what has one twice is made in order. */
  private static final int REMEMBERED = 4096;

  /** What a maker is asked to do. */
  @FunctionalInterface
  interface Job {
    void run(FileMaker maker) throws PodkitException, IOException;
  }

  private final Syscalls sys;
  private final TreeKind kind;
  private final DirCursor root;
  private final TreeRemover remover;
  private final Semaphore slots = new Semaphore(PENDING);
  private final BlockingQueue<ByteBuffer> buffers = new LinkedBlockingQueue<>();
  private final BlockingQueue<FileMaker> idle = new LinkedBlockingQueue<>();
  private final List<FileMaker> makers = new ArrayList<>();
  private final List<DirCursor> cursors = new ArrayList<>();
  private final Set<String> handed = new HashSet<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable ExecutorService threads;

  /**
   * Makers for a tree; their threads are started when they are needed.
   *
   * @param root stays the caller's
   * @param remover shared with the caller's own maker
   */
  FileMakers(Syscalls sys, TreeKind kind, DirCursor root, TreeRemover remover) {
    this.sys = sys;
    this.kind = kind;
    this.root = root;
    this.remover = remover;
  }

  /**
   * Reads a file's content, and has the file made.
   *
   * @param size at most {@link #LARGEST}
   * @param bare as for {@link FileMaker#file}
   * @throws PodkitException also what making an earlier one threw
   */
  void file(
      String path, Attributes attributes, long size, RecordHandler.Content content, boolean bare)
      throws PodkitException, IOException {
    inOrder(path);
    slots.acquireUninterruptibly();
    ByteBuffer buffer = buffers.poll();
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(LARGEST); // there are as many as slots at most
    }
    ByteBuffer taken = buffer;
    hand(
        () -> {
          GatheredContent gathered = new GatheredContent(taken);
          content.copyTo(gathered);
          return maker -> maker.file(path, attributes, size, gathered, bare);
        },
        () -> {
          buffers.add(taken);
          slots.release();
        });
  }

  /**
   * Has something made at a path.
   *
   * @throws PodkitException what making an earlier one threw
   */
  void make(String path, Job job) throws PodkitException, IOException {
    inOrder(path);
    slots.acquireUninterruptibly();
    hand(() -> job, slots::release);
  }

  private void inOrder(String path) throws PodkitException, IOException {
    if (handed.size() >= REMEMBERED || !handed.add(path)) {
      await();
      handed.add(path);
    }
  }

  /** Waits if something of that name is not yet made: what comes next is not made here. */
  void awaitName(String path) throws PodkitException, IOException {
    if (handed.contains(path)) {
      await();
    }
  }

  private interface Preparation {
    Job prepare() throws PodkitException, IOException;
  }

  /**
   * @param after what is to happen in any case when the job is done, or is not to be done
   */
  private void hand(Preparation preparation, Runnable after) throws PodkitException, IOException {
    boolean handed = false;
    try {
      rethrow();
      ExecutorService ready = threads();
      Job job = preparation.prepare();
      ready.execute(() -> run(job, after));
      handed = true;
    } finally {
      if (!handed) {
        after.run();
      }
    }
  }

  /** An Error counts, too: a file that is not there must not be taken for made. */
  @SuppressWarnings("IllegalCatch") // rethrown to whoever waits
  private void run(Job job, Runnable after) {
    FileMaker maker = idle.poll();
    try {
      if (failure.get() == null) {
        job.run(Objects.requireNonNull(maker, "as many makers as threads"));
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    } finally {
      if (maker != null) {
        idle.add(maker);
      }
      after.run();
    }
  }

  private ExecutorService threads() throws PodkitException {
    if (threads == null) {
      int count = Math.min(MOST_THREADS, Math.max(2, Runtime.getRuntime().availableProcessors()));
      while (makers.size() < count) {
        DirCursor cursor = openRoot();
        cursors.add(cursor);
        makers.add(new FileMaker(sys, kind, cursor, remover));
      }
      idle.addAll(makers);
      threads =
          Executors.newFixedThreadPool(
              count,
              work -> {
                Thread thread = new Thread(work, "tree-files");
                thread.setDaemon(true);
                return thread;
              });
    }
    return threads;
  }

  private DirCursor openRoot() throws PodkitException {
    try {
      return root.again();
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot open the tree", e);
    }
  }

  /**
   * Returns when everything handed over is made. The makers let go of the tree's directories, so
   * that these may be removed.
   *
   * @throws PodkitException what making one threw
   */
  void await() throws PodkitException, IOException {
    if (handed.isEmpty()) {
      return; // in a late pass nearly every record asks
    }
    settle();
    rethrow();
    handed.clear();
    for (FileMaker maker : makers) {
      maker.leave();
    }
  }

  /** As {@link #await}, but says nothing of failures. */
  void settle() {
    slots.acquireUninterruptibly(PENDING);
    slots.release(PENDING);
  }

  /** The stack is that of the thread that failed; there is nothing of interest in ours. */
  private void rethrow() throws PodkitException, IOException {
    Throwable thrown = failure.get();
    if (thrown instanceof PodkitException e) {
      throw e;
    }
    if (thrown instanceof IOException e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  @Override
  public void close() throws ErrnoException {
    settle();
    if (threads != null) {
      threads.shutdown();
    }
    for (DirCursor cursor : cursors) {
      cursor.close();
    }
    cursors.clear();
  }
}
