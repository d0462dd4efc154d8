package io.podkit.migrate.memory.store;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageFlag;
import io.podkit.criu.image.PageRun;
import io.podkit.criu.image.PagemapImage;
import io.podkit.criu.image.PagemapWriter;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Completes the images of a dump that left memory out: each task's pagemap gets the pages that are
 * in the store. Those that CRIU restores lazily stay there; the few that it wants at once, such as
 * changed pages of files, are written into a pages file beside what CRIU dumped itself.
 */
public final class RestoreImages {
  private static final Set<PageFlag> AT_ONCE = Set.of(PageFlag.PRESENT);
  private static final Set<PageFlag> LATER = Set.of(PageFlag.LAZY);

  private final Path images;
  private final StoredPages store;
  private final FillSplit split;
  private final ByteBuffer page = ByteBuffer.allocateDirect(PageRun.PAGE_SIZE);
  private int pagesId = PagemapWriter.FIRST_PAGES_ID;

  private RestoreImages(Path images, StoredPages store) throws IOException {
    this.images = images;
    this.store = store;
    this.split = FillSplit.of(images);
  }

  /**
   * Completes the images.
   *
   * @return the pages that are to be filled in later, by process
   * @throws ImageFormatException if the inventory and the images contradict each other, or a page
   *     never came
   */
  public static List<MemoryInventory.OfProcess> complete(
      Path images, MemoryInventory inventory, StoredPages store) throws IOException {
    RestoreImages completing = new RestoreImages(images, store);
    List<MemoryInventory.OfProcess> later = new ArrayList<>();
    for (MemoryInventory.OfProcess process : inventory.processes()) {
      later.add(new MemoryInventory.OfProcess(process.podPid(), completing.complete(process)));
    }
    return later;
  }

  private List<PageRun> complete(MemoryInventory.OfProcess process) throws IOException {
    MemoryImage image = new MemoryImage(MemoryImage.Kind.TASK, process.podPid());
    Path pagemap = images.resolve(image.pagemapName());
    PagemapImage dumped = read(pagemap);
    List<Piece> pieces = Piece.merge(dumped.entries(), split.pieces(process));
    int id = pagesId++;
    try (FileChannel from = open(dumped.pagesName());
        FileChannel to =
            FileChannel.open(
                images.resolve("pages-" + id + ".img"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
        PagemapWriter writer =
            new PagemapWriter(
                new BufferedOutputStream(Files.newOutputStream(temporary(pagemap))), id)) {
      long offset = 0;
      for (Piece piece : pieces) {
        writer.add(piece.run(), piece.origin() == Piece.Origin.LATER ? LATER : AT_ONCE);
        if (piece.origin() == Piece.Origin.DUMPED) {
          copy(from, offset, piece.run().bytes(), to);
          offset += piece.run().bytes();
        } else if (piece.origin() == Piece.Origin.STORED) {
          store(image.encoded(), piece.run(), to);
        }
      }
    }
    Files.move(temporary(pagemap), pagemap, StandardCopyOption.REPLACE_EXISTING);
    return pieces.stream()
        .filter(piece -> piece.origin() == Piece.Origin.LATER)
        .map(Piece::run)
        .toList();
  }

  private static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  private static PagemapImage read(Path pagemap) throws IOException {
    try (InputStream in = Files.newInputStream(pagemap)) {
      return PagemapImage.read(in);
    }
  }

  private FileChannel open(String pagesName) throws IOException {
    try {
      return FileChannel.open(images.resolve(pagesName), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      // CRIU omits empty images.
      return FileChannel.open(
          images.resolve(pagesName),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE);
    }
  }

  private static void copy(FileChannel from, long offset, long bytes, FileChannel to)
      throws IOException {
    long done = 0;
    while (done < bytes) {
      long moved = from.transferTo(offset + done, bytes - done, to);
      if (moved <= 0) {
        throw new ImageFormatException("CRIU's pages file is shorter than its pagemap says");
      }
      done += moved;
    }
  }

  private void store(long memory, PageRun run, FileChannel to) throws IOException {
    for (long at = run.address(); at < run.end(); at += PageRun.PAGE_SIZE) {
      store.read(memory, at, page.clear());
      page.flip();
      while (page.hasRemaining()) {
        to.write(page);
      }
    }
  }
}
