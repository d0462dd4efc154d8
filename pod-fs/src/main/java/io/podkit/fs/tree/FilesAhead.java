package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.dir.DirCursor;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the small files of one pass on several threads before it is their turn: of such a file the
 * kernel's work to open and describe it is most. For one thread, which writes the stream in order.
 */
final class FilesAhead implements AutoCloseable {

  /** Larger files are read when it is their turn: they need no help, and much memory. */
  private static final int LARGEST = 128 * 1024;

  private static final int MOST_THREADS = 4;
  private static final int WINDOW = 32;

  /** A pass with fewer is over before the threads have begun. */
  private static final int WORTHWHILE = 64;

  private final Syscalls sys;
  private final TreeKind kind;
  private final DirCursor root;
  private final boolean still;
  private final List<TreeChange> changes;
  private final Map<Integer, CompletableFuture<ReadFile>> begun = new HashMap<>();
  private final Deque<ByteBuffer> buffers = new ArrayDeque<>();
  private final BlockingQueue<FileOpener> idle = new LinkedBlockingQueue<>();
  private final List<DirCursor> cursors = new ArrayList<>();
  private final @Nullable ExecutorService threads;
  private int next;

  /**
   * Begins to read when it is first asked.
   *
   * @param root stays the caller's
   * @param still whether nothing writes to the tree
   */
  FilesAhead(Syscalls sys, TreeKind kind, DirCursor root, boolean still, List<TreeChange> changes)
      throws PodkitException {
    this.sys = sys;
    this.kind = kind;
    this.root = root;
    this.still = still;
    this.changes = changes;
    long small = changes.stream().filter(FilesAhead::isSmallFile).limit(WORTHWHILE).count();
    threads = small < WORTHWHILE ? null : start();
  }

  private ExecutorService start() throws PodkitException {
    int count = Math.min(MOST_THREADS, Math.max(2, Runtime.getRuntime().availableProcessors()));
    try {
      for (int i = 0; i < count; i++) {
        DirCursor cursor = root.again();
        cursors.add(cursor);
        idle.add(new FileOpener(sys, cursor, new Xattrs(sys, kind), still));
      }
    } catch (ErrnoException e) {
      closeCursors();
      throw PodkitException.io("cannot open the tree", e);
    }
    return Executors.newFixedThreadPool(
        count,
        work -> {
          Thread thread = new Thread(work, "tree-ahead");
          thread.setDaemon(true);
          return thread;
        });
  }

  private static boolean isSmallFile(TreeChange change) {
    TreeEntry entry = entry(change);
    return entry != null && entry.stat().isRegular() && entry.stat().size() <= LARGEST;
  }

  private static @Nullable TreeEntry entry(TreeChange change) {
    if (change instanceof TreeChange.Patch patch) {
      return patch.entry();
    }
    return change.kind() == TreeChange.Kind.CREATE ? ((TreeChange.Write) change).entry() : null;
  }

  /**
   * The file of a change, if it was read ahead; then it is to be {@link #release}d.
   *
   * @param index of the change; these come in order
   * @return null if it is to be read now
   * @throws PodkitException what reading it threw
   */
  @Nullable ReadFile take(int index) throws PodkitException, IOException {
    ExecutorService running = threads;
    if (running == null) {
      return null;
    }
    for (next = Math.max(next, index); next < changes.size() && begun.size() < WINDOW; next++) {
      TreeChange change = changes.get(next);
      if (isSmallFile(change)) {
        ReadFile file = new ReadFile(buffer());
        begun.put(next, CompletableFuture.supplyAsync(() -> read(change, file), running));
      }
    }
    CompletableFuture<ReadFile> reading = begun.remove(index);
    return reading == null ? null : join(reading);
  }

  private ByteBuffer buffer() {
    ByteBuffer free = buffers.poll();
    return free == null ? ByteBuffer.allocateDirect(LARGEST) : free;
  }

  /** Its content is written, or not wanted. */
  void release(ReadFile file) {
    buffers.add(file.buffer());
  }

  private ReadFile read(TreeChange change, ReadFile file) {
    FileOpener opener = idle.remove(); // there are as many as threads
    try {
      Blocks sent = change instanceof TreeChange.Patch patch ? patch.sent() : null;
      return file.complete(opener.read(Objects.requireNonNull(entry(change)), sent, file));
    } catch (PodkitException | IOException e) {
      throw new CompletionException(e);
    } finally {
      idle.add(opener);
    }
  }

  private static ReadFile join(CompletableFuture<ReadFile> reading)
      throws PodkitException, IOException {
    try {
      return reading.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof PodkitException failure) {
        throw failure;
      }
      if (cause instanceof IOException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Waits for what is being read. */
  @Override
  public void close() {
    for (CompletableFuture<ReadFile> reading : begun.values()) {
      reading.handle((file, failure) -> null).join();
    }
    begun.clear();
    if (threads != null) {
      threads.shutdown();
    }
    closeCursors();
  }

  private void closeCursors() {
    cursors.forEach(FilesAhead::close);
    cursors.clear();
  }

  private static void close(DirCursor cursor) {
    try {
      cursor.close();
    } catch (ErrnoException e) {
      // Closing what was only read from cannot lose anything.
      return;
    }
  }
}
