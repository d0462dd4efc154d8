package io.podkit.fs.image;

import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of a tar file: the old format, POSIX ustar and pax, GNU with long names and
 * sparse files of all four kinds.
 *
 * <p>Not the one of Commons Compress, which takes the values of pax headers for text in UTF-8: file
 * capabilities and access lists come out of it damaged, and names in another character set, too.
 * Not thread-safe; does not close the stream.
 */
final class TarReader {

  /** Takes a piece of a file's data. */
  @FunctionalInterface
  interface Sink {
    void data(long offset, byte[] buffer, int length) throws IOException;
  }

  /** Longest extension header: 64 KiB for each of many attributes. */
  private static final long MAX_EXTENSION = 8 << 20;

  /** All of one entry, and all that hold for the rest of the file: they are kept in memory. */
  private static final long MAX_EXTENSIONS = 4 * MAX_EXTENSION;

  /** Types that data follows. */
  private static final String WITH_DATA = "07S\0";

  private static final int CHUNK = 256 * 1024;
  private static final int SPARSE_PAIR = 24;

  private final InputStream in;
  private final PaxRecords global = new PaxRecords();
  private final byte[] chunk = new byte[CHUNK];
  private boolean first = true;
  private long extensions;
  private long globalExtensions;

  /** Bytes of the current entry that are still to be read, and what fills its last block. */
  private long left;

  private int padding;
  private SparseMap map = SparseMap.whole(0);

  TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next entry, or null at the end; what was not read of the last one is skipped.
   *
   * @throws TarException if this is no tar file, or a broken one
   * @throws IOException as the stream threw it
   */
  @Nullable TarEntry next() throws IOException {
    skipRest();
    PaxRecords records = new PaxRecords();
    records.addAll(global);
    extensions = 0;
    String longName = null;
    String longLink = null;
    while (true) {
      TarBlock block = readHeader();
      if (block == null) {
        return null;
      }
      switch (block.type()) {
        case 'x', 'X' -> records.add(extension(block));
        case 'g' -> {
          globalExtensions += block.size();
          if (globalExtensions > MAX_EXTENSIONS) {
            throw new TarException("its global headers are too long");
          }
          global.add(extension(block));
          records.addAll(global);
        }
        case 'L' -> longName = untilNul(extension(block));
        case 'K' -> longLink = untilNul(extension(block));
        case 'V' -> extension(block); // a label of the volume
        default -> {
          String name = Objects.requireNonNullElse(longName, block.name());
          String link = Objects.requireNonNullElse(longLink, block.link());
          return entry(block, records, name, link);
        }
      }
    }
  }

  /** Reads the data of the current entry; the parts that are not given are holes. */
  void readData(Sink sink) throws IOException {
    for (SparseMap.Extent extent : map.extents()) {
      long end = extent.offset() + extent.length();
      for (long offset = extent.offset(); offset < end; ) {
        int length = (int) Math.min(chunk.length, end - offset);
        readFully(chunk, length);
        left -= length;
        sink.data(offset, chunk, length);
        offset += length;
      }
    }
    map = SparseMap.whole(0);
  }

  private TarEntry entry(TarBlock block, PaxRecords records, String headerName, String headerLink)
      throws IOException {
    String name =
        Objects.requireNonNullElse(
            records.find("GNU.sparse.name"),
            Objects.requireNonNullElse(records.find("path"), headerName));
    FileType type = type(block.type(), name);
    // Of links and nodes some programs write a size without data.
    boolean hasData = WITH_DATA.indexOf(block.type()) >= 0;
    long stored = hasData ? records.number("size", block.size()) : 0;
    if (stored < 0) {
      throw new TarException("a file has " + stored + " bytes");
    }
    left = stored;
    padding = padding(stored);
    long size = type == FileType.REGULAR ? sparse(block, records, stored) : 0;
    boolean node = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
    Device device = node ? new Device(block.deviceMajor(), block.deviceMinor()) : Device.NONE;
    SortedMap<String, byte[]> xattrs = records.xattrs();
    return new TarEntry(
        name,
        type,
        block.permissions(),
        records.number("uid", block.uid()),
        records.number("gid", block.gid()),
        records.time("mtime", time(block)),
        Objects.requireNonNullElse(records.find("linkpath"), headerLink),
        device,
        size,
        xattrs);
  }

  /** Null for a hard link. */
  private static @Nullable FileType type(char type, String name) throws TarException {
    return switch (type) {
      // Before POSIX a directory was a file whose name ends in a slash.
      case '0', '\0', '7', 'S' -> name.endsWith("/") ? FileType.DIRECTORY : FileType.REGULAR;
      case '1' -> null;
      case '2' -> FileType.SYMLINK;
      case '3' -> FileType.CHARACTER_DEVICE;
      case '4' -> FileType.BLOCK_DEVICE;
      case '5', 'D' -> FileType.DIRECTORY;
      case '6' -> FileType.FIFO;
      default ->
          throw new TarException("an entry is of type '" + type + "', which is not supported");
    };
  }

  /** Finds out where the data lies; says how large the file is. */
  private long sparse(TarBlock block, PaxRecords records, long stored) throws IOException {
    long size = stored;
    List<Long> pairs = null;
    if (block.type() == 'S') {
      size = block.number(483, 12);
      pairs = oldSparseMap(block);
    } else if (records.number("GNU.sparse.major", 0) == 1) {
      size = records.number("GNU.sparse.realsize", stored);
      pairs = storedSparseMap();
    } else if (records.sparseMap() != null) {
      size = records.number("GNU.sparse.size", stored);
      pairs = records.sparseMap();
    }
    map = pairs == null ? SparseMap.whole(stored) : SparseMap.of(pairs, size);
    if (map.stored() > left) {
      throw new TarException("a sparse file's map is broken");
    }
    return size;
  }

  /** Format of GNU tar before pax: four pairs in the header, 21 in each block that follows. */
  private List<Long> oldSparseMap(TarBlock header) throws IOException {
    List<Long> pairs = new ArrayList<>();
    addPairs(header, 386, 4, pairs);
    boolean more = header.flag(482);
    while (more) {
      byte[] block = new byte[TarBlock.SIZE];
      readFully(block, block.length);
      TarBlock extension = new TarBlock(block);
      addPairs(extension, 0, 21, pairs);
      more = extension.flag(504);
      if (pairs.size() > 2 * SparseMap.MAX_EXTENTS) {
        throw new TarException("a sparse file's map is broken");
      }
    }
    return pairs;
  }

  private static void addPairs(TarBlock block, int from, int count, List<Long> pairs)
      throws TarException {
    for (int i = 0; i < count; i++) {
      int at = from + i * SPARSE_PAIR;
      if (!block.flag(at)) {
        return;
      }
      pairs.add(block.number(at, 12));
      pairs.add(block.number(at + 12, 12));
    }
  }

  /** Format 1.0: decimal lines before the data, filled up to a block. */
  private List<Long> storedSparseMap() throws IOException {
    long before = left;
    long count = mapLine();
    if (count < 0 || count > SparseMap.MAX_EXTENTS) {
      throw new TarException("a sparse file's map is broken");
    }
    List<Long> pairs = new ArrayList<>();
    for (long i = 0; i < 2 * count; i++) {
      pairs.add(mapLine());
    }
    int fill = padding(before - left);
    readFully(chunk, fill);
    left -= fill;
    return pairs;
  }

  private long mapLine() throws IOException {
    StringBuilder digits = new StringBuilder();
    while (true) {
      int c = in.read();
      left--;
      if (c == '\n') {
        return PaxRecords.parse(digits.toString());
      }
      if (c < 0 || left <= 0 || digits.length() > 20) {
        throw new TarException("a sparse file's map is broken");
      }
      digits.append((char) c);
    }
  }

  private static Instant time(TarBlock block) throws TarException {
    try {
      return Instant.ofEpochSecond(block.modified());
    } catch (DateTimeException e) {
      throw new TarException("a header has a malformed time");
    }
  }

  private @Nullable TarBlock readHeader() throws IOException {
    byte[] bytes = new byte[TarBlock.SIZE];
    int got = in.readNBytes(bytes, 0, bytes.length);
    if (got == 0 && !first) {
      return null; // some programs leave out the blank blocks at the end
    }
    TarBlock block = new TarBlock(bytes);
    if (got == bytes.length && block.isBlank() && !first) {
      return null;
    }
    if (got < bytes.length && !first) {
      throw new TarException("it ends early");
    }
    if (got < bytes.length || !block.checksumHolds()) {
      throw new TarException(first ? "it is no tar file" : "a header is broken or missing");
    }
    first = false;
    return block;
  }

  private byte[] extension(TarBlock block) throws IOException {
    long size = block.size();
    if (size < 0 || size > MAX_EXTENSION) {
      throw new TarException("an extension header has " + size + " bytes");
    }
    extensions += size;
    if (extensions > MAX_EXTENSIONS) {
      throw new TarException("an entry's extension headers are too long");
    }
    byte[] payload = new byte[(int) size];
    readFully(payload, payload.length);
    readFully(chunk, padding(size));
    return payload;
  }

  private static String untilNul(byte[] payload) {
    String text = RawPath.of(payload);
    int nul = text.indexOf('\0');
    return nul < 0 ? text : text.substring(0, nul);
  }

  private void skipRest() throws IOException {
    try {
      in.skipNBytes(left + padding);
    } catch (EOFException e) {
      throw new TarException("it ends early");
    }
    left = 0;
    padding = 0;
  }

  private void readFully(byte[] buffer, int length) throws IOException {
    if (in.readNBytes(buffer, 0, length) < length) {
      throw new TarException("it ends early");
    }
  }

  private static int padding(long size) {
    return (int) (-size & (TarBlock.SIZE - 1));
  }
}
