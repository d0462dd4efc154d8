package io.podkit.linux;

import java.io.Closeable;

/**
 * Two descriptors that belong together. Closing the pair closes what is still open of it.
 *
 * @param first the first one; of a pipe the reading end
 * @param second the second one; of a pipe the writing end
 */
public record FdPair(Fd first, Fd second) implements Closeable {

  @Override
  public void close() throws ErrnoException {
    try (second) {
      first.close();
    }
  }
}
