package io.podkit.fs.image;

import io.podkit.fs.dir.RawPath;
import java.util.Arrays;

/**
 * The fields of a tar header block.
 *
 * @see <a href="https://man.freebsd.org/cgi/man.cgi?query=tar&sektion=5">tar(5)</a>
 */
final class TarBlock {

  static final int SIZE = 512;

  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_SIZE = 8;

  private final byte[] block;

  /** The block is not copied. */
  TarBlock(byte[] block) {
    this.block = block;
  }

  boolean isBlank() {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is a header at all: the sum of its bytes, the sum's own field taken as blanks. */
  boolean checksumHolds() {
    long stored;
    try {
      stored = number(CHECKSUM_AT, CHECKSUM_SIZE);
    } catch (TarException e) {
      return false;
    }
    long sum = 0;
    for (int i = 0; i < SIZE; i++) {
      boolean inField = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_SIZE;
      sum += inField ? ' ' : block[i] & 0xff;
    }
    return sum == stored;
  }

  char type() {
    return (char) (block[156] & 0xff);
  }

  String name() {
    String name = text(0, 100);
    boolean posix =
        text(257, 6).equals("ustar"); // GNU writes "ustar " and uses the field otherwise
    String prefix = posix ? text(345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  String link() {
    return text(157, 100);
  }

  int permissions() throws TarException {
    return (int) (number(100, 8) & 07777);
  }

  long uid() throws TarException {
    return number(108, 8);
  }

  long gid() throws TarException {
    return number(116, 8);
  }

  long size() throws TarException {
    return number(124, 12);
  }

  long modified() throws TarException {
    return number(136, 12);
  }

  int deviceMajor() throws TarException {
    return (int) number(329, 8);
  }

  int deviceMinor() throws TarException {
    return (int) number(337, 8);
  }

  /** A field of bytes up to its end or the first NUL. */
  String text(int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return RawPath.of(Arrays.copyOfRange(block, at, end));
  }

  boolean flag(int at) {
    return block[at] != 0;
  }

  /** A number in octal digits or, if the first bit is set, in base 256. */
  long number(int at, int length) throws TarException {
    if ((block[at] & 0x80) != 0) {
      return binary(at, length);
    }
    String digits = text(at, length).strip();
    if (digits.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new TarException("a header has a malformed number");
    }
  }

  private long binary(int at, int length) throws TarException {
    boolean negative = (block[at] & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = at; i < at + length; i++) {
      int b = block[i] & 0xff;
      if (i == at) {
        b = negative ? b : b & 0x7f;
      }
      boolean lost = negative ? value >> 55 != -1 : value >> 55 != 0;
      if (lost) {
        throw new TarException("a header has a number that is too large");
      }
      value = value << 8 | b;
    }
    return value;
  }
}
