package io.podkit.linux;

/** What poll(2) waits for and reports. */
public enum PollEvent implements Bits.Flag {
  /** POLLIN: something can be read; for a pidfd: the process has ended. */
  IN(0x001),
  /** POLLOUT: something can be written. */
  OUT(0x004),
  /** POLLERR: only reported, never asked for. */
  ERROR(0x008),
  /** POLLHUP: the other end is closed; only reported. */
  HANG_UP(0x010),
  /** POLLNVAL: the descriptor is not open; only reported. */
  INVALID(0x020);

  private final long bit;

  PollEvent(long bit) {
    this.bit = bit;
  }

  @Override
  public long bit() {
    return bit;
  }
}
