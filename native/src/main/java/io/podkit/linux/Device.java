package io.podkit.linux;

/**
 * The number of a device node or of the device a file lies on.
 *
 * @param major which driver
 * @param minor which of its devices
 */
public record Device(int major, int minor) {

  /** No device: what FIFOs, sockets and whiteouts (0, 0) have. */
  public static final Device NONE = new Device(0, 0);

  /** The number in the form mknod(2) takes: makedev(3). */
  public long encoded() {
    long hi = Integer.toUnsignedLong(major);
    long lo = Integer.toUnsignedLong(minor);
    return ((hi & 0xfffff000L) << 32)
        | ((hi & 0xfffL) << 8)
        | ((lo & 0xffffff00L) << 12)
        | (lo & 0xffL);
  }

  /** As {@code ls -l} and /proc/PID/mountinfo write it. */
  @Override
  public String toString() {
    return major + ":" + minor;
  }
}
