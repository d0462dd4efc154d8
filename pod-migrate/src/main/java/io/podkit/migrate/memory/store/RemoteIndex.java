package io.podkit.migrate.memory.store;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filler's index while pages of it are still to come: what {@link FillIndex} wrote, shared with
 * the filler, which reads an entry whenever it needs one. All that is known of a pod whose memory
 * is elsewhere lies in it, so that another process can go on where one has died.
 */
final class RemoteIndex {
  private static final int REMOTE = -2;
  private static final int ZERO = -1;
  private static final VarHandle ENTRY =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final MappedByteBuffer file;
  private final List<IndexedTask> tasks;
  private final List<PageRunOfTask> hot;

  /** Adjacent pages of one task, by their numbers. */
  record PageRunOfTask(IndexedTask task, long ordinal, long pages) {}

  private RemoteIndex(MappedByteBuffer file, long storePages) throws ImageFormatException {
    this.file = file;
    this.tasks = readTasks(file, storePages);
    this.hot = readHot();
  }

  /**
   * Opens the one beside a store.
   *
   * @param storePages slots of the store; the last of them are reserved for late pages
   */
  static RemoteIndex open(Path directory, long storePages) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve(FillIndex.FILE), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer file = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
      file.order(ByteOrder.LITTLE_ENDIAN);
      if (file.remaining() < FillIndex.HEADER || file.getLong(0) != FillIndex.MAGIC) {
        throw new ImageFormatException("not a filler's index");
      }
      return new RemoteIndex(file, storePages);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new ImageFormatException("a damaged index: " + e.getMessage());
    }
  }

  private static List<IndexedTask> readTasks(MappedByteBuffer file, long storePages) {
    int count = file.getInt(12);
    long all = 0;
    for (int i = 0; i < count; i++) {
      all += file.getLong(taskAt(i) + 16);
    }
    List<IndexedTask> tasks = new ArrayList<>();
    long slot = storePages - all;
    for (int i = 0; i < count; i++) {
      IndexedTask task = readTask(file, taskAt(i), slot);
      tasks.add(task);
      slot += task.pages();
    }
    return tasks;
  }

  private static int taskAt(int i) {
    return FillIndex.HEADER + i * FillIndex.TASK;
  }

  private static IndexedTask readTask(MappedByteBuffer file, int at, long firstSlot) {
    int runs = file.getInt(at + 4);
    int runsAt = Math.toIntExact(file.getLong(at + 8));
    long[] starts = new long[runs];
    long[] ends = new long[runs];
    long[] ordinals = new long[runs];
    for (int run = 0; run < runs; run++) {
      int from = runsAt + run * FillIndex.RUN;
      starts[run] = file.getLong(from);
      ends[run] = starts[run] + file.getLong(from + 8) * PageRun.PAGE_SIZE;
      ordinals[run] = file.getLong(from + 16);
    }
    return new IndexedTask(
        new MemoryImage(MemoryImage.Kind.TASK, file.getInt(at)).encoded(),
        starts,
        ends,
        ordinals,
        file.getLong(at + 16),
        Math.toIntExact(file.getLong(at + 24)),
        firstSlot);
  }

  private List<PageRunOfTask> readHot() {
    List<PageRunOfTask> all = new ArrayList<>();
    int at = Math.toIntExact(file.getLong(24));
    for (long left = file.getLong(32); left > 0; left--, at += FillIndex.HOT) {
      IndexedTask task = task(new MemoryImage(MemoryImage.Kind.TASK, file.getInt(at)).encoded());
      if (task != null) {
        all.add(new PageRunOfTask(task, file.getLong(at + 8), file.getLong(at + 16)));
      }
    }
    return all;
  }

  List<IndexedTask> tasks() {
    return tasks;
  }

  /** What is wanted first. */
  List<PageRunOfTask> hot() {
    return hot;
  }

  /** The task with that memory image; null if there is none. */
  @Nullable IndexedTask task(long memory) {
    for (IndexedTask task : tasks) {
      if (task.memory() == memory) {
        return task;
      }
    }
    return null;
  }

  /** Whether a page is still to come. */
  boolean isRemote(IndexedTask task, long ordinal) {
    return (int) ENTRY.getAcquire(file, task.entryAt(ordinal)) == REMOTE;
  }

  /** A page lies in its slot of the store now: whoever sees this sees its content. */
  void came(IndexedTask task, long ordinal) {
    ENTRY.setRelease(file, task.entryAt(ordinal), (int) task.slotFor(ordinal));
  }

  /** A page is zeros. */
  void isZero(IndexedTask task, long ordinal) {
    ENTRY.setRelease(file, task.entryAt(ordinal), ZERO);
  }

  /** How many pages are still to come. */
  long countRemote() {
    long count = 0;
    for (IndexedTask task : tasks) {
      for (long ordinal = 0; ordinal < task.pages(); ordinal++) {
        count += isRemote(task, ordinal) ? 1 : 0;
      }
    }
    return count;
  }
}
