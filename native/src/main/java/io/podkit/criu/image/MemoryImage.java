package io.podkit.criu.image;

/**
 * Whose memory it is.
 *
 * @param kind private memory of a task, or shared memory
 * @param id the task's pid inside the pod, or the segment's number
 */
public record MemoryImage(Kind kind, long id) {

  private static final int TYPE_BITS = 8;
  private static final int TYPE_TASK = 1;
  private static final int TYPE_SHARED = 2;
  private static final long MAX_ID = (1L << 32) - 1;

  /** The two kinds of memory images. */
  public enum Kind {
    /** A task's private memory. */
    TASK,
    /** A shared memory segment. */
    SHARED
  }

  /** The name of its pagemap file. */
  public String pagemapName() {
    return (kind == Kind.TASK ? "pagemap-" : "pagemap-shmem-") + id + ".img";
  }

  /** The number that stands for it in the page server's protocol. */
  public long encoded() {
    return id << TYPE_BITS | (kind == Kind.TASK ? TYPE_TASK : TYPE_SHARED);
  }

  /**
   * The image that a number of the protocol stands for.
   *
   * @throws ImageFormatException if it is neither a task's nor shared memory's
   */
  public static MemoryImage decode(long encoded) throws ImageFormatException {
    int type = (int) (encoded & 0xff);
    long id = encoded >>> TYPE_BITS;
    if ((type != TYPE_TASK && type != TYPE_SHARED) || id > MAX_ID) {
      throw new ImageFormatException("no memory image has the number " + encoded);
    }
    return new MemoryImage(type == TYPE_TASK ? Kind.TASK : Kind.SHARED, id);
  }

  @Override
  public String toString() {
    return pagemapName();
  }
}
