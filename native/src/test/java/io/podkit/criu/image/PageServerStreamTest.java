package io.podkit.criu.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.image.PageServerHeader.Command;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageServerStreamTest {
  private static final long TASK_7 = 7 << 8 | 1;
  private static final int PRESENT = 4;

  private final ByteArrayOutputStream input = new ByteArrayOutputStream();
  private final Recorder handler = new Recorder();
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();

  @Test
  void header_hasTheLayoutOfCriu42() throws ImageFormatException {
    // ADD_F with PRESENT, padding not cleared, 2 pages at 0x401000 of task 1
    byte[] bytes =
        HexFormat.of()
            .parseHex("06000400deadbeef0200000000000000" + "00104000000000000101000000000000");
    PageServerHeader header = PageServerHeader.decode(ByteBuffer.wrap(bytes));

    assertThat(header)
        .isEqualTo(new PageServerHeader(Command.ADD_FLAGS, PRESENT, 2, 0x401000, 0x101));
    assertThat(MemoryImage.decode(header.image()))
        .isEqualTo(new MemoryImage(MemoryImage.Kind.TASK, 1));
    ByteBuffer encoded = ByteBuffer.allocate(PageServerHeader.SIZE);
    header.encode(encoded);
    assertThat(encoded.array()).startsWith(6, 0, 4, 0, 0, 0, 0, 0, 2);
  }

  @Test
  void serve_handsImagesPagesAndHolesToTheHandler() throws IOException {
    handler.parent = true;
    send(Command.OPEN_ASKING, 0, 0, 0, TASK_7);
    send(Command.ADD_FLAGS, PRESENT, 2, 0x1000, TASK_7);
    pages(2, 'a');
    send(Command.ADD_FLAGS, 1, 3, 0x3000, TASK_7);
    send(Command.ADD_FLAGS, 2, 1, 0x8000, TASK_7);
    send(Command.ADD_FLAGS, 6, 1, 0x9000, TASK_7);
    pages(1, 'b');
    send(Command.OPEN_ASKING, 0, 0, 0, 5 << 8 | 2);
    send(Command.ADD, 0, 1, 0, 5 << 8 | 2);
    pages(1, 'c');
    send(Command.HOLE, 0, 1, 0x1000, 5 << 8 | 2);
    send(Command.FORCE_CLOSE, 0, 0, 0, 0);

    assertThat(serve(Integer.MAX_VALUE)).isEqualTo(4);
    assertThat(handler.seen)
        .containsExactly(
            "open pagemap-7.img",
            "pages pagemap-7.img 1000+2 [PRESENT] 8192a",
            "absent pagemap-7.img 3000+3 [PARENT]",
            "absent pagemap-7.img 8000+1 [LAZY]",
            "pages pagemap-7.img 9000+1 [LAZY, PRESENT] 4096b",
            "open pagemap-shmem-5.img",
            "pages pagemap-shmem-5.img 0+1 [PRESENT] 4096c",
            "absent pagemap-shmem-5.img 1000+1 [PARENT]",
            "finish");
    assertThat(answers.toByteArray()).containsExactly(1, 1, 0, 0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 33, 4096, 70_000})
  void serve_doesNotDependOnHowTheStreamIsCut(int chunk) throws IOException {
    send(Command.OPEN, 0, 0, 0, TASK_7);
    send(Command.ADD_FLAGS, PRESENT, 40, 0x1000, TASK_7);
    pages(40, 'x');
    send(Command.ADD_FLAGS, PRESENT, 1, 0x100000, TASK_7);
    pages(1, 'y');
    send(Command.CLOSE, 0, 0, 0, 0);

    assertThat(serve(chunk)).isEqualTo(41);
    assertThat(handler.seen)
        .contains(
            "pages pagemap-7.img 1000+40 [PRESENT] 163840x",
            "pages pagemap-7.img 100000+1 [PRESENT] 4096y");
  }

  @Test
  void serve_skipsContentsThatTheHandlerLeaves() throws IOException {
    handler.reads = false;
    send(Command.OPEN, 0, 0, 0, TASK_7);
    send(Command.ADD_FLAGS, PRESENT, 30, 0x1000, TASK_7);
    pages(30, 'x');
    send(Command.CLOSE, 0, 0, 0, 0);
    assertThat(serve(5000)).isEqualTo(30);
  }

  @Test
  void serve_answersWhetherThereIsAParent() throws IOException {
    send(Command.PARENT, 0, 0, 0, TASK_7);
    send(Command.CLOSE, 0, 0, 0, 0);
    serve(64);
    assertThat(answers.toByteArray()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void endWithoutClose_isAFailedDump() {
    send(Command.OPEN, 0, 0, 0, TASK_7);
    assertThatThrownBy(() -> serve(64))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("before all pages were sent");
    assertThat(handler.seen).doesNotContain("finish");

    send(Command.ADD_FLAGS, PRESENT, 2, 0x1000, TASK_7);
    pages(1, 'x');
    assertThatThrownBy(() -> serve(64))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("in the middle of a page");
  }

  @Test
  void handlersFailure_comesOut() {
    handler.failure = new IOException("no space left");
    send(Command.OPEN, 0, 0, 0, TASK_7);
    assertThatThrownBy(() -> serve(64)).isSameAs(handler.failure);
  }

  @Test
  void hostileHeaders_areTypedErrors() {
    long aligned = 0x1000;
    assertRejected(Command.ADD_FLAGS, PRESENT, 1, aligned, 8 << 8 | 1);
    assertRejected(Command.ADD_FLAGS, PRESENT, 0, aligned, TASK_7);
    assertRejected(Command.ADD_FLAGS, PRESENT, -1, aligned, TASK_7);
    assertRejected(Command.ADD_FLAGS, PRESENT, 1L << 52, aligned, TASK_7);
    assertRejected(Command.ADD_FLAGS, PRESENT, 1, 0x1001, TASK_7);
    assertRejected(Command.ADD_FLAGS, PRESENT, 1, -4096, TASK_7);
    assertRejected(Command.ADD_FLAGS, 0, 1, aligned, TASK_7);
    assertRejected(Command.ADD_FLAGS, 5, 1, aligned, TASK_7);
    assertRejected(Command.ADD_FLAGS, 8, 1, aligned, TASK_7);
    assertRejected(Command.OPEN, 0, 0, 0, 7 << 8 | 3);
    assertRejected(Command.OPEN, 0, 0, 0, -1);
  }

  @Test
  void unknownCommand_isATypedError() {
    input.writeBytes(new byte[PageServerHeader.SIZE]);
    assertThatThrownBy(() -> serve(64)).isInstanceOf(ImageFormatException.class);
  }

  @Test
  void pagesOutOfOrder_areATypedError() {
    send(Command.OPEN, 0, 0, 0, TASK_7);
    send(Command.ADD_FLAGS, 2, 2, 0x1000, TASK_7);
    send(Command.ADD_FLAGS, 2, 1, 0x2000, TASK_7);
    assertThatThrownBy(() -> serve(64))
        .isInstanceOf(ImageFormatException.class)
        .hasMessageContaining("not in order");
  }

  private void assertRejected(Command command, int flags, long pages, long address, long image) {
    input.reset();
    send(Command.OPEN, 0, 0, 0, TASK_7);
    send(command, flags, pages, address, image);
    assertThatThrownBy(() -> serve(64)).isInstanceOf(ImageFormatException.class);
  }

  private void send(Command command, int flags, long pages, long address, long image) {
    ByteBuffer header = ByteBuffer.allocate(PageServerHeader.SIZE);
    new PageServerHeader(command, flags, pages, address, image).encode(header);
    input.writeBytes(header.array());
  }

  private void pages(int count, char fill) {
    input.writeBytes(String.valueOf(fill).repeat(count * 4096).getBytes(StandardCharsets.US_ASCII));
  }

  private long serve(int chunk) throws IOException {
    return new PageServerStream(new Wire(input.toByteArray(), chunk), handler).serve();
  }

  /** Gives the input in pieces and keeps the answers. */
  private final class Wire implements ByteChannel {
    private final ByteBuffer bytes;
    private final int chunk;

    private Wire(byte[] bytes, int chunk) {
      this.bytes = ByteBuffer.wrap(bytes);
      this.chunk = chunk;
    }

    @Override
    public int read(ByteBuffer into) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int n = Math.min(chunk, Math.min(into.remaining(), bytes.remaining()));
      into.put(bytes.slice().limit(n));
      bytes.position(bytes.position() + n);
      return n;
    }

    @Override
    public int write(ByteBuffer from) {
      int n = from.remaining();
      while (from.hasRemaining()) {
        answers.write(from.get());
      }
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** Writes down what it is given, contents as a length and the byte that they all are. */
  private static final class Recorder implements PageHandler {
    private final List<String> seen = new ArrayList<>();
    private boolean parent;
    private boolean reads = true;
    private IOException failure = new IOException();

    @Override
    public boolean open(MemoryImage image) throws IOException {
      if (failure.getMessage() != null) {
        throw failure;
      }
      seen.add("open " + image);
      return parent;
    }

    @Override
    public void pages(
        MemoryImage image, PageRun run, Set<PageFlag> flags, ReadableByteChannel contents)
        throws IOException {
      if (!reads) {
        return;
      }
      ByteBuffer buffer = ByteBuffer.allocate(100_000);
      long total = 0;
      char first = '?';
      while (contents.read(buffer.clear()) >= 0) {
        total += buffer.position();
        first = (char) buffer.get(0);
        for (int i = 0; i < buffer.position(); i++) {
          assertThat((char) buffer.get(i)).isEqualTo(first);
        }
      }
      seen.add("pages " + image + " " + run + " " + flags + " " + total + first);
    }

    @Override
    public void absent(MemoryImage image, PageRun run, Set<PageFlag> flags) {
      seen.add("absent " + image + " " + run + " " + flags);
    }

    @Override
    public void finish() {
      seen.add("finish");
    }
  }
}
