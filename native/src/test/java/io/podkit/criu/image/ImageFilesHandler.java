package io.podkit.criu.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what a dump sends into image files, as CRIU's own page server does. */
final class ImageFilesHandler implements PageHandler {
  private final Path directory;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
  private int nextPagesId = PagemapWriter.FIRST_PAGES_ID;
  private @Nullable PagemapWriter pagemap;
  private @Nullable FileChannel pages;
  private boolean finished;

  ImageFilesHandler(Path directory) {
    this.directory = directory;
  }

  boolean finished() {
    return finished;
  }

  @Override
  public boolean open(MemoryImage image) throws IOException {
    closeImage();
    int pagesId = nextPagesId++;
    pagemap =
        new PagemapWriter(
            new BufferedOutputStream(Files.newOutputStream(directory.resolve(image.pagemapName()))),
            pagesId);
    pages =
        FileChannel.open(
            directory.resolve("pages-" + pagesId + ".img"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
    return false;
  }

  @Override
  public void pages(
      MemoryImage image, PageRun run, Set<PageFlag> flags, ReadableByteChannel contents)
      throws IOException {
    opened(pagemap).add(run, flags);
    while (contents.read(buffer.clear()) >= 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        opened(pages).write(buffer);
      }
    }
  }

  @Override
  public void absent(MemoryImage image, PageRun run, Set<PageFlag> flags) throws IOException {
    opened(pagemap).add(run, flags);
  }

  @Override
  public void finish() throws IOException {
    closeImage();
    finished = true;
  }

  private void closeImage() throws IOException {
    if (pagemap != null) {
      pagemap.close();
    }
    if (pages != null) {
      pages.close();
    }
  }

  private static <T> T opened(@Nullable T thing) {
    if (thing == null) {
      throw new IllegalStateException("no image is open");
    }
    return thing;
  }
}
