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

  private static final int MINOR_BITS = 20;

  /** The number in the form mknod(2) takes: makedev(3). */
  public long encoded() {
    long hi = Integer.toUnsignedLong(major);
    long lo = Integer.toUnsignedLong(minor);
    return ((hi & 0xfffff000L) << 32)
        | ((hi & 0xfffL) << 8)
        | ((lo & 0xffffff00L) << 12)
        | (lo & 0xffL);
  }

  /** The device that the kernel numbers so: MKDEV, as /proc/PID/fdinfo prints it. */
  public static Device ofKernelNumber(long number) {
    return new Device((int) (number >>> MINOR_BITS), (int) (number & ((1 << MINOR_BITS) - 1)));
  }

  /** The kernel's own form of the number. */
  public long kernelNumber() {
    return (Integer.toUnsignedLong(major) << MINOR_BITS) | Integer.toUnsignedLong(minor);
  }

  /** As {@code ls -l} and /proc/PID/mountinfo write it. */
  @Override
  public String toString() {
    return major + ":" + minor;
  }
}
