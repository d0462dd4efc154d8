package io.podkit.linux;

import java.util.Arrays;

/**
 * What stands for an inode of a filesystem, whatever its names: struct file_handle. Immutable.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/name_to_handle_at.2.html">
 *     name_to_handle_at(2)</a>
 */
public final class FileHandle {

  /** Stands for nothing. */
  static final FileHandle NONE = new FileHandle(new byte[0]);

  private final byte[] struct;

  /** Keeps the array. */
  FileHandle(byte[] struct) {
    this.struct = struct;
  }

  /** Whether it stands for anything. */
  public boolean isPresent() {
    return struct.length > 0;
  }

  byte[] struct() {
    return struct;
  }

  int size() {
    return struct.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileHandle o && Arrays.equals(struct, o.struct);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(struct);
  }

  @Override
  public String toString() {
    return "handle " + Arrays.toString(struct);
  }
}
