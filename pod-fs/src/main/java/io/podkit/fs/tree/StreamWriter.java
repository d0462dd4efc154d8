package io.podkit.fs.tree;

import io.podkit.fs.api.TreeKind;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes the records of a tree stream. Every IOException is the stream's own. Not thread-safe; does
 * not close the stream.
 */
final class StreamWriter implements ContentSink {

  private static final int BUFFER = 256 * 1024;

  private final OutputStream out;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private final CRC32C crc = new CRC32C();
  private long bytes;
  private long records;

  /** Starts a stream. */
  StreamWriter(OutputStream out, TreeKind kind) throws IOException {
    this.out = out;
    room(12).putLong(StreamFormat.MAGIC).putShort((short) StreamFormat.VERSION);
    buffer.put((byte) StreamFormat.codeOf(kind)).put((byte) 0);
  }

  void directory(String path, Attributes attributes) throws IOException {
    record(StreamFormat.DIRECTORY, path);
    attributes(attributes);
  }

  /** Begins a regular file; any number of segments of data and {@link #endFile} follow. */
  void file(String path, Attributes attributes, long size) throws IOException {
    content(StreamFormat.FILE, path, attributes, size);
  }

  /**
   * Begins to change a regular file that is there; any number of segments and {@link #endFile}
   * follow.
   */
  void patch(String path, Attributes attributes, long size) throws IOException {
    content(StreamFormat.PATCH, path, attributes, size);
  }

  private void content(int tag, String path, Attributes attributes, long size) throws IOException {
    record(tag, path);
    attributes(attributes);
    room(8).putLong(size);
    crc.reset();
  }

  @Override
  public void hole(long offset, long length) throws IOException {
    for (long at = 0; at < length; at += StreamFormat.MAX_HOLE) {
      int part = (int) Math.min(StreamFormat.MAX_HOLE, length - at);
      room(12).putInt(part | StreamFormat.HOLE).putLong(offset + at);
    }
  }

  @Override
  public void data(long offset, ByteBuffer data) throws IOException {
    room(12).putInt(data.remaining()).putLong(offset);
    crc.update(data.duplicate());
    while (data.hasRemaining()) {
      if (!buffer.hasRemaining()) {
        drain();
      }
      int length = Math.min(buffer.remaining(), data.remaining());
      buffer.put(data.slice().limit(length));
      data.position(data.position() + length);
    }
  }

  void endFile() throws IOException {
    room(8).putInt(0).putInt((int) crc.getValue());
  }

  void symlink(String path, Attributes attributes, byte[] target) throws IOException {
    record(StreamFormat.SYMLINK, path);
    attributes(attributes);
    shortBytes(target);
  }

  /** A FIFO, socket or device node. */
  void special(String path, Attributes attributes, FileType type, Device device)
      throws IOException {
    record(StreamFormat.SPECIAL, path);
    attributes(attributes);
    room(9).put((byte) StreamFormat.codeOf(type)).putInt(device.major()).putInt(device.minor());
  }

  void hardLink(String path, String existing) throws IOException {
    record(StreamFormat.HARD_LINK, path);
    shortBytes(RawPath.bytes(existing));
  }

  /** Sets attributes of something that is there and of that type. */
  void attributes(String path, FileType type, Attributes attributes) throws IOException {
    record(StreamFormat.ATTRIBUTES, path);
    room(1).put((byte) StreamFormat.codeOf(type));
    attributes(attributes);
  }

  void delete(String path) throws IOException {
    record(StreamFormat.DELETE, path);
  }

  /** Ends the stream and flushes. */
  void end() throws IOException {
    room(9).put((byte) StreamFormat.END).putLong(records);
    drain();
    out.flush();
  }

  /** Bytes written so far. */
  long bytes() {
    return bytes + buffer.position();
  }

  private void record(int tag, String path) throws IOException {
    records++;
    room(1).put((byte) tag);
    shortBytes(RawPath.bytes(path));
  }

  private void attributes(Attributes a) throws IOException {
    room(40);
    buffer.putShort((short) a.permissions()).putInt((int) a.uid()).putInt((int) a.gid());
    time(a.modified());
    time(a.accessed());
    buffer.putShort((short) a.xattrs().size());
    for (Map.Entry<String, byte[]> xattr : a.xattrs().entrySet()) {
      byte[] name = xattr.getKey().getBytes(StandardCharsets.UTF_8);
      byte[] value = xattr.getValue();
      room(5 + name.length + value.length);
      buffer.put((byte) name.length).put(name).putInt(value.length).put(value);
    }
  }

  private void time(Instant time) {
    buffer.putLong(time.getEpochSecond()).putInt(time.getNano());
  }

  private void shortBytes(byte[] data) throws IOException {
    if (data.length > 0xffff) {
      throw new IllegalArgumentException(data.length + " bytes are too long for the stream");
    }
    room(2 + data.length).putShort((short) data.length).put(data);
  }

  /** The buffer with at least that much room. */
  private ByteBuffer room(int length) throws IOException {
    if (buffer.remaining() < length) {
      drain();
    }
    return buffer;
  }

  private void drain() throws IOException {
    out.write(buffer.array(), 0, buffer.position());
    bytes += buffer.position();
    buffer.clear();
  }
}
