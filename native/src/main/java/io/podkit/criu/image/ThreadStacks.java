package io.podkit.criu.image;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.CoreEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The pages that threads' stack pointers point into, from {@code core-*.img}. CRIU 4.2 never
 * restores them lazily, so neither do we.
 */
public final class ThreadStacks {
  private static final int MAGIC = 0x55053847;

  private ThreadStacks() {}

  /**
   * Addresses of such pages, of all threads of all tasks: a page more than needed costs next to
   * nothing.
   */
  public static NavigableSet<Long> pages(Path images) throws IOException {
    NavigableSet<Long> pages = new TreeSet<>();
    try (DirectoryStream<Path> cores = Files.newDirectoryStream(images, "core-*.img")) {
      for (Path core : cores) {
        for (ByteBuffer record : ImageRecords.read(core, MAGIC)) {
          CoreEntry entry = CoreEntry.parseFrom(record);
          if (entry.hasX86() && entry.getX86().hasGpregs()) {
            pages.add(entry.getX86().getGpregs().getSp() & -PageRun.PAGE_SIZE);
          } else if (entry.hasAarch64()) {
            pages.add(entry.getAarch64().getGpregs().getSp() & -PageRun.PAGE_SIZE);
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new ImageFormatException("a core image: " + e.getMessage());
    }
    return pages;
  }
}
