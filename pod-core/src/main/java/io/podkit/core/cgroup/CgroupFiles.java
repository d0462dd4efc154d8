package io.podkit.core.cgroup;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Reads and writes the one-value files of a cgroup. */
final class CgroupFiles {
  private CgroupFiles() {}

  static void write(Path file, String value) throws PodkitException {
    try {
      Files.writeString(file, value);
    } catch (IOException e) {
      throw PodkitException.io("cannot write '" + value + "' to " + file, e);
    }
  }

  static String read(Path file) throws PodkitException {
    try {
      return Files.readString(file).trim();
    } catch (IOException e) {
      throw PodkitException.io("cannot read " + file, e);
    }
  }

  /** A number, or empty for {@code max} and for v1's way of saying no limit. */
  static OptionalLong readLimit(Path file) throws PodkitException {
    String text = read(file);
    if (text.equals("max")) {
      return OptionalLong.empty();
    }
    long value = parse(file, text);
    // v1 says "no limit" with the largest multiple of the page size.
    return value >= Long.MAX_VALUE / 4096 * 4096 ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static long readLong(Path file) throws PodkitException {
    return parse(file, read(file));
  }

  private static long parse(Path file, String text) throws PodkitException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw PodkitException.internal(file + " holds '" + text + "', not a number", e);
    }
  }
}
