package io.podkit.linux;

/** What fanotify tells of; sys/fanotify.h. */
public enum FileChange implements Bits.Flag {
  /** FAN_MODIFY: content was written by a call; a store through a mapping is not told. */
  MODIFY(0x2),
  /** FAN_ATTRIB: owner, permissions, times, extended attributes, number of links. */
  ATTRIB(0x4),
  /** FAN_CLOSE_WRITE: the last user of what was opened for writing is gone, a mapping included. */
  CLOSE_WRITE(0x8),
  /** FAN_MOVED_FROM. */
  MOVED_FROM(0x40),
  /** FAN_MOVED_TO. */
  MOVED_TO(0x80),
  /** FAN_CREATE: a new name, also of an old inode. */
  CREATE(0x100),
  /** FAN_DELETE. */
  DELETE(0x200),
  /** FAN_Q_OVERFLOW: something was not told; only reported, never asked for. */
  OVERFLOW(0x4000),
  /** FAN_ONDIR: it happened to a directory; asked for, directories are told of, too. */
  ON_DIRECTORY(0x40000000);

  private final long bit;

  FileChange(long bit) {
    this.bit = bit;
  }

  @Override
  public long bit() {
    return bit;
  }
}
