package io.podkit.migrate.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Values as JSON lines on a socket, of limited length and in limited time: whoever is at the other
 * end cannot hold this one up. Owns the channel. Not thread-safe.
 */
final class LineChannel implements AutoCloseable {
  /** No line is longer, on either side. */
  static final int CAP = 16 << 10;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final long deadline;

  /**
   * Takes over a connected channel.
   *
   * @param patience for all that follows
   */
  LineChannel(SocketChannel channel, Duration patience) throws IOException {
    this.channel = channel;
    deadline = System.nanoTime() + patience.toNanos();
    channel.configureBlocking(false);
    selector = Selector.open();
    key = channel.register(selector, 0);
  }

  /**
   * Reads one line. What follows it is lost: each side says one thing.
   *
   * @throws IOException if it is none, too long, or does not come in time
   */
  <T> T read(Class<T> type) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(CAP);
    while (true) {
      for (int i = 0; i < line.position(); i++) {
        if (line.get(i) == '\n') {
          return parse(new String(line.array(), 0, i, StandardCharsets.UTF_8), type);
        }
      }
      if (!line.hasRemaining()) {
        throw new IOException("a line of more than " + CAP + " bytes");
      }
      await(SelectionKey.OP_READ);
      if (channel.read(line) < 0) {
        throw new EOFException("the other side closed the connection");
      }
    }
  }

  private static <T> T parse(String line, Class<T> type) throws IOException {
    try {
      T value = JSON.readValue(line, type);
      if (value == null) {
        throw new IOException("nothing was said");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new IOException("it is not understood: " + e.getOriginalMessage(), e);
    }
  }

  void write(Object value) throws IOException {
    ByteBuffer line =
        ByteBuffer.wrap((JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8));
    while (line.hasRemaining()) {
      await(SelectionKey.OP_WRITE);
      channel.write(line);
    }
  }

  private void await(int operation) throws IOException {
    key.interestOps(operation);
    do {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException("the other side says nothing");
      }
      selector.selectedKeys().clear();
    } while (select() == 0);
  }

  private int select() throws IOException {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    int ready = selector.select(Math.max(1, left));
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted");
    }
    return ready;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      selector.close();
    }
  }
}
