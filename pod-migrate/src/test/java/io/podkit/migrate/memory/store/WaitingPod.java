package io.podkit.migrate.memory.store;

import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.protocol.Bulk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Store and index of a pod of which some pages are still to come, and what its filler is told. */
public final class WaitingPod {
  static final int REMOTE = -2;
  static final int ZERO = -1;

  final PageStore store;
  final List<String> told = new ArrayList<>();
  private final Path directory;
  private final List<MemoryInventory.OfProcess> tasks = new ArrayList<>();
  private final List<MemoryInventory.Hot> hot = new ArrayList<>();

  public WaitingPod(Path directory) throws PodkitException {
    this.directory = directory;
    this.store = PageStore.create(directory, 1 << 16);
  }

  static long memory(long pid) {
    return new MemoryImage(MemoryImage.Kind.TASK, pid).encoded();
  }

  static PageRun run(long page, long pages) {
    return new PageRun(page * PageRun.PAGE_SIZE, pages);
  }

  static Bulk.PagesWanted wanted(long pid, long page, int pages) {
    return new Bulk.PagesWanted(memory(pid), page * PageRun.PAGE_SIZE, pages);
  }

  static ByteBuffer content(int... values) {
    ByteBuffer content = ByteBuffer.allocate(values.length * PageRun.PAGE_SIZE);
    for (int i = 0; i < values.length; i++) {
      content.put(i * PageRun.PAGE_SIZE, (byte) values[i]);
    }
    return content;
  }

  public WaitingPod task(long pid, PageRun... runs) {
    tasks.add(new MemoryInventory.OfProcess(pid, List.of(runs)));
    return this;
  }

  WaitingPod hot(long pid, PageRun run) {
    hot.add(new MemoryInventory.Hot(memory(pid), run));
    return this;
  }

  /** Came before the pod ran. */
  WaitingPod has(long pid, PageRun run, int... values) throws PodkitException {
    store.lane(0).content(memory(pid), run, content(values));
    return this;
  }

  /** Writes the index, as its restore does. */
  public FillIndex.Written begin() throws IOException, PodkitException {
    FillIndex.Written written = FillIndex.write(directory, tasks, hot, store.pages(), true);
    store.reserve(written.pages());
    return written;
  }

  /** What fetches the rest; another one when the last has died. */
  RemotePages fetch() throws PodkitException {
    return RemotePages.open(directory, (podPid, run) -> told.add(podPid + ": " + run));
  }

  /** A task's slots, as the filler reads them. */
  public int[] slots(int task) throws IOException {
    ByteBuffer index =
        ByteBuffer.wrap(Files.readAllBytes(directory.resolve("index")))
            .order(ByteOrder.LITTLE_ENDIAN);
    int at = FillIndex.HEADER + task * FillIndex.TASK;
    int[] slots = new int[(int) index.getLong(at + 16)];
    index.position((int) index.getLong(at + 24)).slice();
    for (int i = 0; i < slots.length; i++) {
      slots[i] = index.getInt();
    }
    return slots;
  }

  /** What lies first in a slot. */
  public int firstByte(int slot) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(PageRun.PAGE_SIZE);
    store.read(page, slot);
    return page.get(0);
  }
}
