package io.podkit.migrate.memory.store;

import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells the filler which page lies where in the store: the file {@code index}, whose layout {@code
 * native/src/main/c/pod-init/fill_index.h} defines.
 */
public final class FillIndex {
  static final String FILE = "index";
  static final long MAGIC = 0x314c4c4946444f50L; // "PODFILL1"
  static final int VERSION = 1;
  static final int HEADER = 40;
  static final int TASK = 32;
  static final int RUN = 24;
  static final int HOT = 24;

  private final List<MemoryInventory.OfProcess> tasks;
  private final StoredPages store;
  private final boolean othersFollow;
  private final Map<Long, List<long[]>> ordinals = new HashMap<>();
  private long pages;
  private long later;

  private FillIndex(
      List<MemoryInventory.OfProcess> tasks, StoredPages store, boolean othersFollow) {
    this.tasks = tasks;
    this.store = store;
    this.othersFollow = othersFollow;
  }

  /**
   * Writes it beside the store.
   *
   * @param tasks what is to be filled in, by process
   * @param hot what is to be filled in first; what of it is not in {@code tasks} is left out
   * @param othersFollow whether pages that are not in the store will come later
   * @return how many pages there are to fill in
   */
  public static Written write(
      Path directory,
      List<MemoryInventory.OfProcess> tasks,
      List<MemoryInventory.Hot> hot,
      StoredPages store,
      boolean othersFollow)
      throws IOException {
    return new FillIndex(tasks, store, othersFollow).write(directory, hot);
  }

  /**
   * What an index is about.
   *
   * @param pages to be filled in
   * @param later those of them that are still to come
   */
  public record Written(long pages, long later) {}

  private Written write(Path directory, List<MemoryInventory.Hot> hot) throws IOException {
    int runs = tasks.stream().mapToInt(task -> task.runs().size()).sum();
    long slotBytes = 0;
    long runsAt = HEADER + (long) TASK * tasks.size();
    long slotsAt = runsAt + (long) RUN * runs;
    ByteBuffer head = buffer(Math.toIntExact(slotsAt));
    head.position(HEADER);
    for (MemoryInventory.OfProcess task : tasks) {
      long own = task.runs().stream().mapToLong(PageRun::pages).sum();
      head.putInt((int) task.podPid()).putInt(task.runs().size());
      head.putLong(runsAt).putLong(own).putLong(slotsAt + slotBytes);
      runsAt += (long) RUN * task.runs().size();
      pages += own;
      slotBytes += aligned(own * Integer.BYTES);
    }
    for (MemoryInventory.OfProcess task : tasks) {
      number(task, head);
    }
    ByteBuffer first = hot(hot);
    long hotAt = slotsAt + slotBytes;
    head.putLong(0, MAGIC).putInt(8, VERSION).putInt(12, tasks.size());
    head.putLong(16, hotAt + first.remaining()).putLong(24, hotAt);
    head.putLong(32, first.remaining() / HOT);
    try (FileChannel file =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      write(file, head.flip(), 0);
      writeSlots(file, slotsAt);
      write(file, first, hotAt);
    }
    return new Written(pages, later);
  }

  private static long aligned(long bytes) {
    return (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
  }

  private void number(MemoryInventory.OfProcess task, ByteBuffer into) {
    List<long[]> numbered = new ArrayList<>();
    long ordinal = 0;
    for (PageRun run : task.runs()) {
      into.putLong(run.address()).putLong(run.pages()).putLong(ordinal);
      numbered.add(new long[] {run.address(), run.end(), ordinal});
      ordinal += run.pages();
    }
    ordinals.put(memory(task), numbered);
  }

  private static long memory(MemoryInventory.OfProcess task) {
    return new MemoryImage(MemoryImage.Kind.TASK, task.podPid()).encoded();
  }

  private void writeSlots(FileChannel file, long from) throws IOException {
    ByteBuffer slots = buffer(Integer.BYTES << 14);
    long at = from;
    for (MemoryInventory.OfProcess task : tasks) {
      for (PageRun run : task.runs()) {
        long page = run.address();
        while (page < run.end()) {
          long room = slots.remaining() / Integer.BYTES;
          PageRun part = new PageRun(page, Math.min(room, (run.end() - page) / PageRun.PAGE_SIZE));
          later += store.entries(memory(task), part, othersFollow, slots);
          page = part.end();
          if (!slots.hasRemaining()) {
            at += write(file, slots.flip(), at);
            slots.clear();
          }
        }
      }
      if (slots.position() % Long.BYTES != 0) {
        slots.putInt(0); // the file ends here if this is the last task and nothing is hot
      }
      at += write(file, slots.flip(), at);
      slots.clear();
    }
  }

  private ByteBuffer hot(List<MemoryInventory.Hot> hot) {
    List<long[]> found = new ArrayList<>();
    for (MemoryInventory.Hot first : hot) {
      for (long[] run : ordinals.getOrDefault(first.memory(), List.of())) {
        long start = Math.max(run[0], first.run().address());
        long end = Math.min(run[1], first.run().end());
        if (start < end) {
          long ordinal = run[2] + (start - run[0]) / PageRun.PAGE_SIZE;
          found.add(new long[] {first.memory() >>> 8, ordinal, (end - start) / PageRun.PAGE_SIZE});
        }
      }
    }
    ByteBuffer bytes = buffer(found.size() * HOT);
    for (long[] run : found) {
      bytes.putInt((int) run[0]).putInt(0).putLong(run[1]).putLong(run[2]);
    }
    return bytes.flip();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    long done = 0;
    while (bytes.hasRemaining()) {
      done += file.write(bytes, at + done);
    }
    return done;
  }
}
