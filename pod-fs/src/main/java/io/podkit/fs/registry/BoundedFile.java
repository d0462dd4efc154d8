package io.podkit.fs.registry;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** What comes from a registry: no more than was announced, and no longer than anybody wants it. */
final class BoundedFile extends FilterOutputStream {
  private final BooleanSupplier wanted;
  private long left;

  /** A failure of this host, told from one of the connection. */
  static final class LocalFailure extends IOException {
    private static final long serialVersionUID = 1L;

    LocalFailure(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** More came than was announced. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong(String message) {
      super(message);
    }
  }

  BoundedFile(OutputStream out, long most, BooleanSupplier wanted) {
    super(out);
    this.left = most;
    this.wanted = wanted;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (!wanted.getAsBoolean()) {
      throw new IOException("another layer failed");
    }
    left -= length;
    if (left < 0) {
      throw new TooLong("more came than was announced");
    }
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw new LocalFailure(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw new LocalFailure(e);
    }
  }
}
