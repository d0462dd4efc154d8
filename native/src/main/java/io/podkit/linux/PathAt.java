package io.podkit.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A path as the {@code *at} calls take it: either a plain path or one that starts at an open
 * directory, which cannot be swapped under our feet.
 *
 * <p>A name's bytes reach the kernel as they are, also when they are not valid in the JVM's
 * character set. Does not own the directory.
 */
public final class PathAt {

  /** AT_FDCWD. */
  static final int WORKING_DIRECTORY = -100;

  private final @Nullable Fd directory;
  private final byte[] path;

  private PathAt(@Nullable Fd directory, byte[] path) {
    for (byte b : path) {
      if (b == 0) {
        throw new IllegalArgumentException("a path cannot contain a NUL byte");
      }
    }
    this.directory = directory;
    this.path = path;
  }

  /** That path, relative to the JVM's working directory unless absolute. */
  public static PathAt of(Path path) {
    return new PathAt(null, PathBytes.of(path));
  }

  /**
   * The path {@code relative} beginning at an open directory. Only openat2(2) with {@link
   * ResolveFlag#BENEATH} keeps a path of several components inside; for the other calls give one
   * component.
   */
  public static PathAt in(Fd directory, Path relative) {
    return new PathAt(directory, PathBytes.of(relative));
  }

  /** The entry {@code name} (encoded as UTF-8) of an open directory. */
  public static PathAt in(Fd directory, String name) {
    return new PathAt(directory, name.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The entry of an open directory whose name has these bytes, as a directory listing gave them.
   */
  public static PathAt in(Fd directory, byte[] name) {
    return new PathAt(directory, name.clone());
  }

  int directoryNumber() {
    return directory == null ? WORKING_DIRECTORY : directory.number();
  }

  /** The bytes with a NUL at the end. */
  byte[] cString() {
    return CStrings.terminated(path);
  }

  /**
   * One path for calls that take no directory (lsetxattr, statfs): through /proc/self/fd, which
   * leads to the open directory itself wherever its name points now.
   */
  byte[] cStringWithoutDirectory() {
    if (directory == null) {
      return cString();
    }
    byte[] prefix = CStrings.bytes("/proc/self/fd/" + directory.number() + "/");
    byte[] whole = new byte[prefix.length + path.length];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(path, 0, whole, prefix.length, path.length);
    return CStrings.terminated(whole);
  }

  @Override
  public String toString() {
    String shown = new String(path, StandardCharsets.UTF_8);
    return directory == null ? shown : directory + "/" + shown;
  }
}
