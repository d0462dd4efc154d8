package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Reads a tree stream and checks every number in it before use: lengths before memory is taken for
 * them, paths, types, counts and checksums. It never reads past the stream's end mark. Not
 * thread-safe.
 */
final class StreamReader {

  private final InputStream in;
  private final TreeKind kind;
  private final TreeLimits limits;
  private final CRC32C crc = new CRC32C();
  private final byte[] chunk = new byte[64 * 1024];
  private final ByteBuffer segment = ByteBuffer.allocateDirect(StreamFormat.MAX_SEGMENT);
  private long records;
  private long content;

  /**
   * A reader for all passes of one tree; the limits hold for their sum.
   *
   * @param in not closed; wants to be buffered
   */
  StreamReader(InputStream in, TreeKind kind, TreeLimits limits, long records, long content) {
    this.in = in;
    this.kind = kind;
    this.limits = limits;
    this.records = records;
    this.content = content;
  }

  /**
   * Reads one stream to its end mark.
   *
   * @throws PodkitException PEER if the stream breaks the rules or a limit; whatever the handler
   *     throws
   * @throws IOException as the stream threw it
   */
  void read(RecordHandler handler) throws PodkitException, IOException {
    long before = records;
    header();
    for (int tag = u8(); tag != StreamFormat.END; tag = u8()) {
      if (++records > limits.entries()) {
        throw broken("it has more than " + limits.entries() + " records");
      }
      record(tag, handler);
    }
    if (i64() != records - before) {
      throw broken("records are missing");
    }
  }

  /** Records read so far, all passes together. */
  long records() {
    return records;
  }

  /** Bytes of file content read so far, all passes together. */
  long content() {
    return content;
  }

  private void header() throws PodkitException, IOException {
    if (i64() != StreamFormat.MAGIC) {
      throw broken("it does not begin as one");
    }
    int version = u16();
    if (version < StreamFormat.OLDEST_VERSION || version > StreamFormat.VERSION) {
      throw broken("its version is " + version + ", not " + StreamFormat.VERSION);
    }
    if (u8() != StreamFormat.codeOf(kind) || u8() != 0) {
      throw broken("it carries another kind of tree");
    }
  }

  private void record(int tag, RecordHandler handler) throws PodkitException, IOException {
    String path = path();
    boolean mayBeRoot = tag == StreamFormat.ATTRIBUTES;
    if (path.isEmpty() && !mayBeRoot) {
      throw broken("it replaces the tree's root");
    }
    switch (tag) {
      case StreamFormat.DIRECTORY -> handler.directory(path, attributes());
      case StreamFormat.FILE -> content(false, path, handler::file);
      case StreamFormat.PATCH -> content(true, path, handler::patch);
      case StreamFormat.SYMLINK -> handler.symlink(path, attributes(), linkTarget());
      case StreamFormat.SPECIAL -> handler.special(path, attributes(), special(), device());
      case StreamFormat.HARD_LINK -> handler.hardLink(path, existing());
      case StreamFormat.ATTRIBUTES -> handler.attributes(path, type(), attributes());
      case StreamFormat.DELETE -> handler.delete(path);
      default -> throw broken("it has a record of unknown type " + tag);
    }
  }

  private interface ContentHandler {
    void take(String path, Attributes attributes, long size, RecordHandler.Content content)
        throws PodkitException, IOException;
  }

  private void content(boolean mayHaveHoles, String path, ContentHandler handler)
      throws PodkitException, IOException {
    Attributes attributes = attributes();
    long size = i64();
    if (size < 0) {
      throw broken("a file has " + size + " bytes");
    }
    boolean[] taken = {false};
    handler.take(
        path,
        attributes,
        size,
        sink -> {
          taken[0] = true;
          segments(size, mayHaveHoles, sink);
        });
    if (!taken[0]) {
      throw new IllegalStateException("the content of a file was not read");
    }
  }

  private void segments(long size, boolean mayHaveHoles, RecordHandler.SegmentSink sink)
      throws PodkitException, IOException {
    crc.reset();
    long total = 0;
    for (int length = i32(); length != 0; length = i32()) {
      long offset = i64();
      if (length < 0 && mayHaveHoles) {
        hole(offset, length & ~StreamFormat.HOLE, size, sink);
        continue;
      }
      if (length < 0 || length > StreamFormat.MAX_SEGMENT) {
        throw broken("a segment has " + Integer.toUnsignedString(length) + " bytes");
      }
      if (offset < 0 || offset > size - length) {
        throw broken("a segment lies outside its file");
      }
      total += length;
      if (total > size) {
        throw broken("a file's segments lie over each other");
      }
      content += length;
      if (content > limits.bytes()) {
        throw broken("it has more than " + limits.bytes() + " bytes of content");
      }
      sink.segment(offset, data(length));
    }
    if (i32() != (int) crc.getValue()) {
      throw broken("a file's checksum is wrong");
    }
  }

  private static void hole(long offset, long length, long size, RecordHandler.SegmentSink sink)
      throws PodkitException {
    if (length == 0 || length > StreamFormat.MAX_HOLE) {
      throw broken("a hole has " + length + " bytes");
    }
    if (offset < 0 || offset > size - length) {
      throw broken("a hole lies outside its file");
    }
    sink.hole(offset, length);
  }

  private ByteBuffer data(int length) throws PodkitException, IOException {
    segment.clear();
    while (segment.position() < length) {
      int want = Math.min(chunk.length, length - segment.position());
      int got = in.read(chunk, 0, want);
      if (got < 0) {
        throw broken("it ends early");
      }
      segment.put(chunk, 0, got);
    }
    segment.flip();
    crc.update(segment.duplicate());
    return segment;
  }

  private Attributes attributes() throws PodkitException, IOException {
    int permissions = u16();
    long uid = Integer.toUnsignedLong(i32());
    long gid = Integer.toUnsignedLong(i32());
    if (permissions > 07777 || uid == 0xffffffffL || gid == 0xffffffffL) {
      throw broken("an entry has impossible permissions or owners");
    }
    Instant modified = time();
    Instant accessed = time();
    return new Attributes(permissions, uid, gid, modified, accessed, xattrs());
  }

  private Map<String, byte[]> xattrs() throws PodkitException, IOException {
    int count = u16();
    if (count > XattrRules.MAX_COUNT) {
      throw broken("an entry has " + count + " extended attributes");
    }
    Map<String, byte[]> xattrs = new LinkedHashMap<>();
    int total = 0;
    for (int i = 0; i < count; i++) {
      String name = new String(bytes(u8()), StandardCharsets.UTF_8);
      int length = i32();
      if (length < 0 || length > XattrRules.MAX_VALUE) {
        throw broken("an extended attribute is too long");
      }
      total += length;
      if (total > XattrRules.MAX_TOTAL) {
        throw broken("an entry's extended attributes are too long");
      }
      byte[] value = bytes(length);
      if (!XattrRules.carried(kind, name) || !XattrRules.legalValue(name, value)) {
        throw broken("it carries an extended attribute that may not travel");
      }
      xattrs.put(name, value);
    }
    return xattrs;
  }

  private Instant time() throws PodkitException, IOException {
    long seconds = i64();
    int nanos = i32();
    if (nanos < 0 || nanos > 999_999_999) {
      throw broken("an entry has an impossible time");
    }
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException e) {
      throw broken("an entry has an impossible time");
    }
  }

  private byte[] linkTarget() throws PodkitException, IOException {
    int length = u16();
    if (length == 0 || length > StreamFormat.MAX_LINK_TARGET) {
      throw broken("a symbolic link's target has " + length + " bytes");
    }
    byte[] target = bytes(length);
    for (byte b : target) {
      if (b == 0) {
        throw broken("a symbolic link's target has a NUL byte");
      }
    }
    return target;
  }

  private String existing() throws PodkitException, IOException {
    String existing = path();
    if (existing.isEmpty()) {
      throw broken("it links to the tree's root");
    }
    return existing;
  }

  private String path() throws PodkitException, IOException {
    int length = u16();
    if (length > limits.pathBytes()) {
      throw broken("a path has " + length + " bytes");
    }
    String path = RawPath.of(bytes(length));
    if (!RawPath.isPath(path)) {
      throw broken("it has the path " + RawPath.shown(path));
    }
    if (RawPath.depth(path) > limits.depth() + 1) {
      throw broken("a path has more than " + limits.depth() + " directories");
    }
    return path;
  }

  private FileType type() throws PodkitException, IOException {
    FileType type = StreamFormat.typeOf(u8());
    if (type == null) {
      throw broken("an entry has an unknown type");
    }
    return type;
  }

  private FileType special() throws PodkitException, IOException {
    FileType type = type();
    return switch (type) {
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> type;
      case REGULAR, DIRECTORY, SYMLINK -> throw broken("an entry is no special file");
    };
  }

  private Device device() throws PodkitException, IOException {
    return new Device(i32(), i32());
  }

  private int u8() throws PodkitException, IOException {
    int value = in.read();
    if (value < 0) {
      throw broken("it ends early");
    }
    return value;
  }

  private int u16() throws PodkitException, IOException {
    return u8() << 8 | u8();
  }

  private int i32() throws PodkitException, IOException {
    return u16() << 16 | u16();
  }

  private long i64() throws PodkitException, IOException {
    return Integer.toUnsignedLong(i32()) << 32 | Integer.toUnsignedLong(i32());
  }

  private byte[] bytes(int length) throws PodkitException, IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw broken("it ends early");
    }
    return bytes;
  }

  private static PodkitException broken(String why) {
    return PodkitException.peer("the other host sent a broken tree stream: " + why, null);
  }
}
