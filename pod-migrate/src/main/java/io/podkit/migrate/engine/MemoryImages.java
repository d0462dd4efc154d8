package io.podkit.migrate.engine;

import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageFlag;
import io.podkit.criu.image.PageRun;
import io.podkit.criu.image.PagemapWriter;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the memory that comes in as the images CRIU restores from: for each task and each shared
 * segment a pagemap and the pages themselves, in a directory in memory. Thread-safe by one lock:
 * the data of one image comes on one channel.
 */
final class MemoryImages {
  private final Path directory;
  private final Map<Long, OpenImage> open = new HashMap<>();
  private int nextPagesId = PagemapWriter.FIRST_PAGES_ID;

  MemoryImages(Path directory) {
    this.directory = directory;
  }

  private record OpenImage(PagemapWriter pagemap, FileChannel pages) {
    void close() throws IOException {
      try (pages) {
        pagemap.close();
      }
    }
  }

  synchronized void open(Bulk.MemoryOpen message) throws PodkitException {
    if (message.pageSize() != PageRun.PAGE_SIZE) {
      throw PodkitException.of(
          ErrorKind.PEER, "the source's pages have " + message.pageSize() + " bytes, ours 4096");
    }
    try {
      OpenImage before = open.remove(message.memory());
      if (before != null) {
        before.close();
        throw PodkitException.of(ErrorKind.PEER, "the source sent the same memory twice");
      }
      MemoryImage image = MemoryImage.decode(message.memory());
      int id = nextPagesId++;
      FileChannel pages =
          FileChannel.open(
              directory.resolve("pages-" + id + ".img"),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE);
      Path pagemap = directory.resolve(image.pagemapName());
      var out =
          Files.newOutputStream(pagemap, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      open.put(
          message.memory(),
          new OpenImage(new PagemapWriter(new BufferedOutputStream(out), id), pages));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  synchronized void pages(Bulk.MemoryPages message) throws PodkitException {
    @Nullable OpenImage image = open.get(message.memory());
    if (image == null) {
      throw PodkitException.of(
          ErrorKind.PEER, "the source sent pages of memory that it did not open");
    }
    try {
      PageRun run = PageRun.checked(message.address(), message.pages());
      Set<PageFlag> flags = PageFlag.of(message.flags());
      ByteBuffer content = message.content();
      if (!flags.contains(PageFlag.PRESENT) || content.remaining() != run.bytes()) {
        throw PodkitException.of(
            ErrorKind.PEER, "the source sent a run of pages without its content");
      }
      image.pagemap().add(run, flags);
      while (content.hasRemaining()) {
        image.pages().write(content);
      }
    } catch (IllegalArgumentException e) {
      throw PodkitException.peer("the source sent pages out of order", e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  synchronized void close(Bulk.MemoryClose message) throws PodkitException {
    @Nullable OpenImage image = open.remove(message.memory());
    if (image == null) {
      throw PodkitException.of(ErrorKind.PEER, "the source closed memory that it did not open");
    }
    try {
      image.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Everything came: what is open is complete. */
  synchronized void complete() throws PodkitException {
    try {
      for (OpenImage image : open.values()) {
        image.close();
      }
      open.clear();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Nothing more is wanted. */
  void abandon() throws PodkitException {
    complete();
  }

  private static PodkitException failed(IOException e) {
    return PodkitException.io("cannot keep the memory that comes in", e);
  }
}
