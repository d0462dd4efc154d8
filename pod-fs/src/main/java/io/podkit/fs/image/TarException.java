package io.podkit.fs.image;

import java.io.IOException;

/** A file is no tar file, or a broken one. */
final class TarException extends IOException {
  private static final long serialVersionUID = 1L;

  TarException(String message) {
    super(message);
  }
}
