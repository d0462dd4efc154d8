package io.podkit.linux;

import io.podkit.linux.lib.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongSupplier;
import jnr.ffi.LastError;
import jnr.ffi.Runtime;

/**
 * What every native call needs: the C library, and errno read once, at once, on the calling thread.
 */
abstract class NativeCall {

  final LibC libc;
  private final Runtime runtime;

  NativeCall(LibC libc) {
    this.libc = libc;
    this.runtime = Runtime.getRuntime(libc);
  }

  /** The last call's error on this thread; JNR saves it beside the call. */
  final Errno errno() {
    return Errno.of(LastError.getLastError(runtime));
  }

  /** Turns -1 into an exception and hands on everything else. */
  final long check(long rc, String call, Object subject) throws ErrnoException {
    if (rc == -1) {
      throw new ErrnoException(errno(), call, subject.toString());
    }
    return rc;
  }

  /** As {@link #check}, repeating the call while a signal interrupts it. */
  final long retry(LongSupplier call, String name, Object subject) throws ErrnoException {
    while (true) {
      long rc = call.getAsLong();
      if (rc != -1 || errno() != Errno.EINTR) {
        return check(rc, name, subject);
      }
    }
  }

  /** Takes ownership of a descriptor that a call returned. */
  final Fd fd(long number) {
    return new Fd((int) number, this::close);
  }

  private void close(int number) throws ErrnoException {
    // Linux has released the number even when close fails, EINTR included: never retried.
    check(libc.close(number), "close", "fd " + number);
  }

  /** Memory for a C structure, to be filled field by field. */
  static ByteBuffer struct(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }
}
