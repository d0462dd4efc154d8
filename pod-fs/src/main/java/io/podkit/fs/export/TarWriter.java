package io.podkit.fs.export;

import io.podkit.fs.dir.RawPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a POSIX tar file. The same entries give the same bytes: nothing of the time or place of
 * writing is in them.
 *
 * <p>Not the one of Commons Compress, which writes the values of pax records as text: file
 * capabilities and access lists would be damaged. Not thread-safe; does not close the stream.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">pax</a>
 */
final class TarWriter {
  private static final int BLOCK = 512;
  private static final int MAX_NAME = 100;

  /** What seven and eleven octal digits hold. */
  private static final long MAX_ID = 07777777;

  private static final long MAX_SIZE = 077777777777L;

  private final OutputStream out;

  TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes what goes before an entry's data. */
  void header(TarHeader header) throws IOException {
    header(header, Map.of());
  }

  /** As {@link #header(TarHeader)}, with records of our own. */
  void header(TarHeader header, Map<String, String> records) throws IOException {
    byte[] extension = extension(header, records);
    if (extension.length > 0) {
      out.write(block(TarHeader.plain("PaxHeaders/entry", extension.length), 'x'));
      out.write(extension);
      pad(extension.length);
    }
    out.write(block(header, header.type()));
  }

  /** Fills the last block of that many bytes of data. */
  void pad(long size) throws IOException {
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }

  /** Writes a small file. */
  void file(String path, byte[] content) throws IOException {
    header(TarHeader.plain(path, content.length));
    out.write(content);
    pad(content.length);
  }

  /** Writes the end. */
  void finish() throws IOException {
    out.write(new byte[2 * BLOCK]);
  }

  /** How many bytes an entry of that many bytes of data takes besides its header. */
  static long padded(long size) {
    return size + (-size & (BLOCK - 1));
  }

  /** What does not fit into the header itself. */
  private static byte[] extension(TarHeader header, Map<String, String> own) throws IOException {
    Map<String, byte[]> records = new TreeMap<>();
    own.forEach((key, value) -> records.put(key, RawPath.bytes(value)));
    if (header.path().length() > MAX_NAME) {
      records.putIfAbsent("path", RawPath.bytes(header.path()));
    }
    if (header.link().length() > MAX_NAME) {
      records.put("linkpath", RawPath.bytes(header.link()));
    }
    number(records, "uid", header.uid(), MAX_ID);
    number(records, "gid", header.gid(), MAX_ID);
    number(records, "size", header.size(), MAX_SIZE);
    Instant time = header.modified();
    if (time.getNano() != 0 || time.getEpochSecond() < 0 || time.getEpochSecond() > MAX_SIZE) {
      records.put("mtime", seconds(time).getBytes(StandardCharsets.US_ASCII));
    }
    for (Map.Entry<String, byte[]> xattr : header.xattrs().entrySet()) {
      if (xattr.getKey().indexOf('=') >= 0) {
        throw new IOException("the attribute " + xattr.getKey() + " has no name that tar can keep");
      }
      records.put("SCHILY.xattr." + xattr.getKey(), xattr.getValue());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> record : records.entrySet()) {
      bytes.writeBytes(record(record.getKey(), record.getValue()));
    }
    return bytes.toByteArray();
  }

  private static void number(Map<String, byte[]> records, String key, long value, long most) {
    if (value > most) {
      records.put(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Seconds with a fraction, which counts forward also before 1970. */
  static String seconds(Instant time) {
    BigDecimal whole = BigDecimal.valueOf(time.getEpochSecond());
    return whole.add(BigDecimal.valueOf(time.getNano(), 9)).stripTrailingZeros().toPlainString();
  }

  /** Its length counts its own digits. */
  private static byte[] record(String key, byte[] value) {
    byte[] name = RawPath.bytes(" " + key + "=");
    int rest = name.length + value.length + 1;
    int length = rest + Integer.toString(rest).length();
    length = rest + Integer.toString(length).length();
    ByteArrayOutputStream record = new ByteArrayOutputStream(length);
    record.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
    record.writeBytes(name);
    record.writeBytes(value);
    record.write('\n');
    return record.toByteArray();
  }

  private static byte[] block(TarHeader header, char type) {
    byte[] block = new byte[BLOCK];
    put(block, 0, cut(header.path()));
    octal(block, 100, 8, header.permissions());
    octal(block, 108, 8, Math.min(header.uid(), MAX_ID));
    octal(block, 116, 8, Math.min(header.gid(), MAX_ID));
    octal(block, 124, 12, Math.min(header.size(), MAX_SIZE));
    long time = header.modified().getEpochSecond();
    octal(block, 136, 12, Math.max(0, Math.min(time, MAX_SIZE)));
    Arrays.fill(block, 148, 156, (byte) ' ');
    block[156] = (byte) type;
    put(block, 157, cut(header.link()));
    put(block, 257, "ustar\00000");
    octal(block, 329, 8, Integer.toUnsignedLong(header.device().major()));
    octal(block, 337, 8, Integer.toUnsignedLong(header.device().minor()));
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, String.format("%06o\0 ", sum));
    return block;
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(MAX_NAME, text.length()));
  }

  private static void octal(byte[] block, int at, int length, long value) {
    put(block, at, String.format("%0" + (length - 1) + "o", value));
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = RawPath.bytes(text);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
