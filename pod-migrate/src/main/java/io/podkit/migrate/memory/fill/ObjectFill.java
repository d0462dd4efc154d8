package io.podkit.migrate.memory.fill;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.linux.Pid;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.memory.store.StoredPages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Puts the contents of memory that processes share in place, before they run: CRIU has made it
 * empty. It cannot come later: what one process has filled in by a fault another may read past
 * userfaultfd.
 */
public final class ObjectFill {
  private static final int PAGES_AT_ONCE = 256;

  private ObjectFill() {}

  /**
   * Fills one object.
   *
   * @param mapper a process of this host that has it mapped where the object says
   * @param memory its number in the store
   */
  public static void fill(
      Pid mapper, MemoryInventory.OfObject object, long memory, StoredPages store)
      throws PodkitException {
    String range = Long.toHexString(object.start()) + "-" + Long.toHexString(object.end());
    Path file = Path.of("/proc", mapper.toString(), "map_files", range);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(PAGES_AT_ONCE * PageRun.PAGE_SIZE);
      for (PageRun run : object.runs()) {
        fill(channel, run, memory, store, buffer);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot fill shared memory " + object.id(), e);
    }
  }

  private static void fill(
      FileChannel channel, PageRun run, long memory, StoredPages store, ByteBuffer buffer)
      throws IOException {
    long at = run.address();
    while (at < run.end()) {
      long offset = at;
      buffer.clear();
      while (at < run.end() && buffer.hasRemaining()) {
        store.read(memory, at, buffer);
        at += PageRun.PAGE_SIZE;
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        offset += channel.write(buffer, offset);
      }
    }
  }
}
