package io.podkit.criu;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.Notification;
import io.podkit.criu.proto.Response;
import io.podkit.error.PodkitException;
import io.podkit.linux.Pid;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One restore of a container engine's, held at its {@link RestoreGate}. Closing it before {@link
 * #go} destroys what CRIU has built. Calls block without a limit: CRIU ends by itself. Not
 * thread-safe.
 */
public final class HeldRestore implements AutoCloseable {
  /** No message of CRIU's or a runtime's is longer. */
  private static final int CAP = 1 << 20;

  private static final int HEAD = Integer.BYTES + 1;

  /** As in gate.c. */
  private static final int IMAGES_NUMBER = 100;

  private static final int WORK_NUMBER = 101;

  private final SocketChannel channel;
  private final RuntimeRequest request;
  private @Nullable CriuOptions begun;

  private HeldRestore(SocketChannel channel, RuntimeRequest request) {
    this.channel = channel;
    this.request = request;
  }

  /** What is said, in either direction; as in gate.c. */
  private enum Kind {
    REQUEST('R'),
    HELD('H'),
    ENDED('E'),
    IMAGES('I'),
    WORK('W'),
    ENVIRONMENT('P'),
    KDAT('K'),
    START('S'),
    GO('G');

    private final byte code;

    Kind(char code) {
      this.code = (byte) code;
    }
  }

  private record Frame(byte kind, ByteBuffer content) {}

  static HeldRestore accept(SocketChannel channel) throws IOException, PodkitException {
    try {
      channel.configureBlocking(true);
      Frame first = read(channel);
      if (first.kind != Kind.REQUEST.code) {
        throw new IOException("a restore begins with a request");
      }
      return new HeldRestore(channel, RuntimeRequest.parse(first.content));
    } catch (IOException | PodkitException e) {
      channel.close();
      throw e;
    }
  }

  public RuntimeRequest request() {
    return request;
  }

  /**
   * Lets CRIU begin, with images of ours.
   *
   * @param knowledge a directory on a tmpfs for what CRIU learns about the kernel; null if it has
   *     one of its own
   */
  public void begin(CriuOptions options, @Nullable Path knowledge) throws PodkitException {
    try {
      say(Kind.IMAGES, options.images().toString());
      say(Kind.WORK, options.work().toString());
      Preload preload = options.preload();
      if (preload != null) {
        for (Map.Entry<String, String> variable : preload.environment().entrySet()) {
          say(Kind.ENVIRONMENT, variable.getKey() + "=" + variable.getValue());
        }
      }
      if (knowledge != null) {
        say(Kind.KDAT, knowledge.toString());
      }
      begun = options;
      write(Kind.START, request.encode(options, IMAGES_NUMBER, WORK_NUMBER));
    } catch (IOException e) {
      throw PodkitException.io("cannot begin the restore", e);
    }
  }

  /**
   * Waits until everything is restored and every instruction of it still to come.
   *
   * @return its first process
   * @throws CriuException if the restore failed
   */
  public Pid awaitHeld() throws PodkitException {
    try {
      Frame frame = read(channel);
      if (frame.kind == Kind.HELD.code) {
        Notification said = Response.parseFrom(frame.content).getNotify();
        return new Pid(said.getPid());
      }
    } catch (EOFException e) {
      throw failed(); // its log says why
    } catch (IOException e) {
      throw PodkitException.io("CRIU's restore cannot be followed", e);
    }
    throw failed();
  }

  /** Lets it run. */
  public void go() throws PodkitException {
    try {
      write(Kind.GO, new byte[0]);
    } catch (IOException e) {
      throw PodkitException.io("the restore has ended before it was let go", e);
    }
  }

  /**
   * Waits for CRIU's last word.
   *
   * @throws CriuException if the restore failed
   */
  public void awaitEnd() throws PodkitException {
    try {
      Frame frame = read(channel);
      if (frame.kind == Kind.ENDED.code && Response.parseFrom(frame.content).getSuccess()) {
        return;
      }
    } catch (InvalidProtocolBufferException | EOFException e) {
      throw failed();
    } catch (IOException e) {
      throw PodkitException.io("CRIU's restore cannot be followed", e);
    }
    throw failed();
  }

  private PodkitException failed() {
    CriuOptions options = begun;
    if (options == null) {
      return PodkitException.internal("a restore ended before it began", null);
    }
    return CriuException.of("CRIU restore failed", options.logPath(), options.logPath());
  }

  private void say(Kind kind, String text) throws IOException {
    write(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(Kind kind, byte[] content) throws IOException {
    ByteBuffer frame =
        ByteBuffer.allocate(HEAD + content.length)
            .order(ByteOrder.nativeOrder())
            .putInt(content.length)
            .put(kind.code)
            .put(content)
            .flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  private static Frame read(SocketChannel channel) throws IOException {
    ByteBuffer head = fill(channel, ByteBuffer.allocate(HEAD).order(ByteOrder.nativeOrder()));
    int length = head.getInt();
    if (length < 0 || length > CAP) {
      throw new IOException("a message of " + length + " bytes");
    }
    byte kind = head.get();
    return new Frame(kind, fill(channel, ByteBuffer.allocate(length)));
  }

  private static ByteBuffer fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the other side closed the connection");
      }
    }
    return buffer.flip();
  }

  @Override
  public void close() throws PodkitException {
    try {
      channel.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot let go of a restore", e);
    }
  }
}
