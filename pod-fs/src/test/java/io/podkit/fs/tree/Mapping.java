package io.podkit.fs.tree;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file mapped for reading and writing until it is closed; the JDK itself unmaps when it likes.
 */
final class Mapping implements AutoCloseable {
  private final MappedByteBuffer bytes;
  private boolean closed;

  Mapping(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE))) {
      bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
    }
  }

  int size() {
    return bytes.capacity();
  }

  /** Stores a value that is not there yet. */
  void put(int offset) {
    bytes.put(offset, (byte) (bytes.get(offset) + 1));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field instance = type.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Method clean = type.getMethod("invokeCleaner", ByteBuffer.class);
      clean.invoke(instance.get(null), bytes);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this JVM cannot unmap", e);
    }
  }
}
