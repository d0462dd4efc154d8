package io.podkit.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Set;

/**
 * A pipe or socket descriptor as a channel whose waits end: at the deadline or by an interrupt.
 *
 * <p>Direct buffers go to the kernel as they are; heap buffers are copied through a small one. Owns
 * the descriptor. One reader and one writer at a time. {@link java.nio.channels.Channels} makes
 * streams of it.
 */
public final class FdChannel implements ByteChannel {

  /** How long an interrupt may go unnoticed. */
  private static final Duration SLICE = Duration.ofMillis(200);

  private static final int COPY_SIZE = 16 * 1024;

  private final DescriptorCalls syscalls;
  private final Fd fd;
  private final Duration timeout;

  /**
   * Takes ownership of a descriptor.
   *
   * @param timeout the longest wait for the other side in one read or write
   */
  public FdChannel(DescriptorCalls syscalls, Fd fd, Duration timeout) {
    this.syscalls = syscalls;
    this.fd = fd;
    this.timeout = timeout;
  }

  /**
   * Reads what is there, waiting for at least one byte.
   *
   * @return bytes read, or -1 at the end
   * @throws ErrnoException ETIMEDOUT if nothing came in time
   * @throws InterruptedIOException if this thread is interrupted; the flag stays set
   */
  @Override
  public int read(ByteBuffer into) throws IOException {
    await(PollEvent.IN, "read");
    if (into.isDirect()) {
      return syscalls.read(fd, into);
    }
    ByteBuffer copy = ByteBuffer.allocateDirect(Math.min(COPY_SIZE, into.remaining()));
    int n = syscalls.read(fd, copy);
    into.put(copy.flip());
    return n;
  }

  /**
   * Writes some of the buffer, waiting until the other side takes at least one byte.
   *
   * @throws ErrnoException ETIMEDOUT if nothing could be written in time, EPIPE if nobody reads
   * @throws InterruptedIOException if this thread is interrupted; the flag stays set
   */
  @Override
  public int write(ByteBuffer from) throws IOException {
    await(PollEvent.OUT, "write");
    if (from.isDirect()) {
      return syscalls.write(fd, from);
    }
    int size = Math.min(COPY_SIZE, from.remaining());
    ByteBuffer copy = ByteBuffer.allocateDirect(size).put(from.slice().limit(size)).flip();
    int n = syscalls.write(fd, copy);
    from.position(from.position() + n);
    return n;
  }

  @Override
  public boolean isOpen() {
    return fd.isOpen();
  }

  @Override
  public void close() throws IOException {
    fd.close();
  }

  private void await(PollEvent event, String call) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (syscalls.poll(fd, Set.of(event), slice(deadline)).isEmpty()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException(call + " of " + fd + " was interrupted");
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new ErrnoException(Errno.ETIMEDOUT, call, fd.toString());
      }
    }
  }

  private static Duration slice(long deadline) {
    long left = Math.max(0, deadline - System.nanoTime());
    return Duration.ofNanos(Math.min(left, SLICE.toNanos()));
  }
}
