package io.podkit.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Memory outside of the Java heap whose address the kernel can be told. It is freed with this
 * object. Not thread-safe.
 */
public final class NativeBuffer {
  private final ByteBuffer bytes;
  private final long address;

  private NativeBuffer(ByteBuffer bytes) {
    this.bytes = bytes;
    this.address = Pointer.wrap(Runtime.getSystemRuntime(), bytes).address();
  }

  /** Zeroed memory of that many bytes. */
  public static NativeBuffer allocate(int size) {
    return new NativeBuffer(ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder()));
  }

  /** The memory, in the machine's byte order; position and limit are the user's. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Where its first byte is, whatever the position. */
  long address() {
    return address;
  }
}
