package io.podkit.fs.image;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.ImageLimits;

/** What is left of an image's limits while its layers are unpacked. Not thread-safe. */
final class UnpackBudget {
  private static final long HEADERS = 1L << 30;

  private final ImageLimits limits;
  private long entries;
  private long bytes;

  UnpackBudget(ImageLimits limits) {
    this.limits = limits;
  }

  /**
   * Counts one entry before anything is made of it.
   *
   * @param size bytes of its file, holes included
   * @throws PodkitException REFUSED if that is too much
   */
  void take(long size) throws PodkitException {
    if (++entries > limits.entries()) {
      throw exceeded("it has more than " + limits.entries() + " entries");
    }
    bytes += size;
    if (size < 0 || bytes < 0 || bytes > limits.bytes()) {
      throw exceeded("its files have more than " + limits.bytes() + " bytes");
    }
  }

  /** The longest tar file worth reading: all files twice, and a GiB of headers. */
  long longestStream() {
    return limits.bytes() > Long.MAX_VALUE >> 2 ? Long.MAX_VALUE : 2 * limits.bytes() + HEADERS;
  }

  /** Checks how deep an entry lies. */
  void requireDepth(int depth) throws PodkitException {
    if (depth > limits.depth() + 1) {
      throw exceeded("an entry lies in more than " + limits.depth() + " directories");
    }
  }

  private static PodkitException exceeded(String why) {
    return PodkitException.of(
        ErrorKind.REFUSED, "the image is not accepted: " + why, FsHints.IMAGE_TOO_LARGE);
  }
}
