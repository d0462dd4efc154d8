package io.podkit.criu.image;

import java.io.IOException;

/**
 * An image or a stream of pages is not what CRIU writes: damaged, of another version, or hostile.
 */
public final class ImageFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with what. */
  public ImageFormatException(String what) {
    super(what);
  }
}
