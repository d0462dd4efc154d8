package io.podkit.criu.image;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.PagemapEntry;
import io.podkit.criu.proto.PagemapHead;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which pages a task or segment has and where their contents are: a {@code pagemap-*.img}.
 *
 * @param pagesId N of the {@code pages-N.img} with the contents, which has those of the PRESENT
 *     entries one after the other and nothing else
 * @param entries ascending by address
 */
public record PagemapImage(int pagesId, List<Entry> entries) {

  static final int COMMON_MAGIC = 0x54564319;
  static final int PAGEMAP_MAGIC = 0x56084025;

  /** An entry is some twenty bytes; more would be an attempt to make us allocate. */
  private static final int MAX_RECORD = 4096;

  private static final int IN_PARENT_BEFORE_FLAGS = 1;
  private static final int PRESENT_BEFORE_FLAGS = 4;

  /**
   * A run of pages that are alike.
   *
   * @param run which
   * @param flags where their contents are
   */
  public record Entry(PageRun run, Set<PageFlag> flags) {
    /** Copies the set. */
    public Entry {
      flags = Set.copyOf(flags);
    }
  }

  /** Copies the list. */
  public PagemapImage {
    entries = List.copyOf(entries);
  }

  /** The name of the file with the contents. */
  public String pagesName() {
    return "pages-" + Integer.toUnsignedString(pagesId) + ".img";
  }

  /** How many pages have their contents in that file. */
  public long presentPages() {
    return entries.stream()
        .filter(entry -> entry.flags().contains(PageFlag.PRESENT))
        .mapToLong(entry -> entry.run().pages())
        .sum();
  }

  /**
   * Reads an image of CRIU 4.2 or older.
   *
   * @throws ImageFormatException if it is none
   */
  public static PagemapImage read(InputStream from) throws IOException {
    DataInputStream in = new DataInputStream(from);
    try {
      if (littleEndian(in.readInt()) != COMMON_MAGIC
          || littleEndian(in.readInt()) != PAGEMAP_MAGIC) {
        throw new ImageFormatException("not a pagemap image");
      }
      int pagesId = PagemapHead.parseFrom(record(in, littleEndian(in.readInt()))).getPagesId();
      return new PagemapImage(pagesId, entries(in));
    } catch (EOFException e) {
      throw new ImageFormatException("the pagemap image is cut off");
    } catch (InvalidProtocolBufferException e) {
      throw new ImageFormatException("a record of the pagemap image: " + e.getMessage());
    }
  }

  private static List<Entry> entries(DataInputStream in) throws IOException {
    List<Entry> entries = new ArrayList<>();
    byte[] length = new byte[Integer.BYTES];
    long next = 0;
    for (int got = in.read(length); got >= 0; got = in.read(length)) {
      in.readFully(length, got, length.length - got);
      int size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
      Entry entry = entry(PagemapEntry.parseFrom(record(in, size)));
      if (entry.run().address() < next) {
        throw new ImageFormatException("pagemap entries are not in order: " + entry.run());
      }
      next = entry.run().end();
      entries.add(entry);
    }
    return entries;
  }

  private static Entry entry(PagemapEntry entry) throws ImageFormatException {
    long pages =
        entry.hasNrPages() ? entry.getNrPages() : Integer.toUnsignedLong(entry.getCompatNrPages());
    int flags = entry.getFlags();
    if (entry.getInParent()) {
      flags |= IN_PARENT_BEFORE_FLAGS;
    } else if (!entry.hasFlags()) {
      flags = PRESENT_BEFORE_FLAGS;
    }
    return new Entry(PageRun.checked(entry.getVaddr(), pages), PageFlag.of(flags));
  }

  private static byte[] record(DataInputStream in, int size) throws IOException {
    if (size < 0 || size > MAX_RECORD) {
      throw new ImageFormatException(
          "a pagemap record of " + Integer.toUnsignedString(size) + " bytes");
    }
    byte[] bytes = new byte[size];
    in.readFully(bytes);
    return bytes;
  }

  private static int littleEndian(int bigEndian) {
    return Integer.reverseBytes(bigEndian);
  }
}
