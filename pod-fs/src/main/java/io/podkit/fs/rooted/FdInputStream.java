package io.podkit.fs.rooted;

import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.Syscalls;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Reads an open file; at its end it may be asked again, should the file have grown. */
final class FdInputStream extends InputStream {

  private static final int BUFFER = 64 * 1024;

  private final Syscalls sys;
  private final Fd fd;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).limit(0);

  /** Takes over the descriptor. */
  FdInputStream(Syscalls sys, Fd fd) {
    this.sys = sys;
    this.fd = fd;
  }

  @Override
  public int read() throws ErrnoException {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws ErrnoException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(length, buffer.remaining());
    buffer.get(bytes, from, n);
    return n;
  }

  private boolean fill() throws ErrnoException {
    if (!buffer.hasRemaining()) {
      buffer.clear();
      int n = sys.read(fd, buffer);
      buffer.flip();
      return n > 0;
    }
    return true;
  }

  @Override
  public void close() throws ErrnoException {
    fd.close();
  }
}
