package io.podkit.migrate.memory.inventory;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageRun;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An inventory as a file that travels among CRIU's images; big-endian, {@code docs/memory.md} has
 * the layout. What is read comes from a peer: counts are believed only as far as the file reaches,
 * runs are checked one by one.
 */
public final class InventoryFile {
  /** Its name among the images. */
  public static final String NAME = "podkit-memory.img";

  private static final long MAGIC = 0x504f444d454d3031L; // "PODMEM01"

  private InventoryFile() {}

  /** Writes it into a directory. */
  public static void write(Path images, MemoryInventory inventory) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(Files.newOutputStream(images.resolve(NAME))))) {
      out.writeLong(MAGIC);
      out.writeInt(inventory.processes().size());
      for (MemoryInventory.OfProcess process : inventory.processes()) {
        out.writeLong(process.podPid());
        write(out, process.runs());
      }
      out.writeInt(inventory.objects().size());
      for (MemoryInventory.OfObject object : inventory.objects()) {
        out.writeLong(object.id());
        out.writeLong(object.podPid());
        out.writeLong(object.start());
        out.writeLong(object.end());
        write(out, object.runs());
      }
      out.writeInt(inventory.hot().size());
      for (MemoryInventory.Hot hot : inventory.hot()) {
        out.writeLong(hot.memory());
        write(out, hot.run());
      }
      out.writeInt(inventory.digests().size());
      for (long digest : inventory.digests()) {
        out.writeLong(digest);
      }
    }
  }

  private static void write(DataOutputStream out, List<PageRun> runs) throws IOException {
    out.writeInt(runs.size());
    for (PageRun run : runs) {
      write(out, run);
    }
  }

  private static void write(DataOutputStream out, PageRun run) throws IOException {
    out.writeLong(run.address());
    out.writeLong(run.pages());
  }

  /**
   * Reads the one in a directory.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws ImageFormatException if it is damaged
   */
  public static MemoryInventory read(Path images) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(images.resolve(NAME))))) {
      if (in.readLong() != MAGIC) {
        throw new ImageFormatException("not an inventory of memory");
      }
      List<MemoryInventory.OfProcess> processes = new ArrayList<>();
      for (int left = readCount(in); left > 0; left--) {
        processes.add(new MemoryInventory.OfProcess(in.readLong(), readRuns(in)));
      }
      List<MemoryInventory.OfObject> objects = new ArrayList<>();
      for (int left = readCount(in); left > 0; left--) {
        objects.add(
            new MemoryInventory.OfObject(
                in.readLong(), in.readLong(), in.readLong(), in.readLong(), readRuns(in)));
      }
      List<MemoryInventory.Hot> hot = new ArrayList<>();
      for (int left = readCount(in); left > 0; left--) {
        hot.add(new MemoryInventory.Hot(in.readLong(), readRun(in)));
      }
      List<Long> digests = new ArrayList<>();
      for (int left = readCount(in); left > 0; left--) {
        digests.add(in.readLong());
      }
      if (in.read() >= 0) {
        throw new ImageFormatException("the inventory of memory goes on behind its end");
      }
      return new MemoryInventory(processes, objects, hot, digests);
    } catch (EOFException e) {
      throw new ImageFormatException("the inventory of memory is cut off");
    } catch (IllegalArgumentException e) {
      throw new ImageFormatException("the inventory of memory: " + e.getMessage());
    }
  }

  private static int readCount(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0) {
      throw new ImageFormatException("the inventory of memory has a count of " + count);
    }
    return count;
  }

  private static List<PageRun> readRuns(DataInputStream in) throws IOException {
    List<PageRun> runs = new ArrayList<>();
    long next = 0;
    for (int left = readCount(in); left > 0; left--) {
      PageRun run = readRun(in);
      if (run.address() < next) {
        throw new ImageFormatException("the inventory of memory is not in order: " + run);
      }
      next = run.end();
      runs.add(run);
    }
    return runs;
  }

  private static PageRun readRun(DataInputStream in) throws IOException {
    return PageRun.checked(in.readLong(), in.readLong());
  }
}
