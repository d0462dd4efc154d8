package io.podkit.migrate.engine;

import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageFlag;
import io.podkit.criu.image.PageHandler;
import io.podkit.criu.image.PageRun;
import io.podkit.criu.image.PageServerStream;
import io.podkit.error.PodkitException;
import io.podkit.linux.Fd;
import io.podkit.linux.FdChannel;
import io.podkit.linux.FdPair;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Syscalls;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Limits;
import io.podkit.migrate.transport.ChannelIoException;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Takes the memory of a frozen pod from CRIU, which believes that it talks to a page server, and
 * passes it on to the target as it comes. Nothing is stored here.
 */
final class MemoryRelay implements AutoCloseable {
  /** CRIU walks the mappings of every process before it sends the first page. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final DataChannel target;
  private final LongConsumer sent;
  private final FdPair pair;
  private final FdChannel channel;

  private MemoryRelay(DataChannel target, LongConsumer sent, FdPair pair, FdChannel channel) {
    this.target = target;
    this.sent = sent;
    this.pair = pair;
    this.channel = channel;
  }

  /**
   * A relay that waits for CRIU.
   *
   * @param sent told how many bytes went out
   */
  static MemoryRelay create(DataChannel target, LongConsumer sent) throws PodkitException {
    try {
      Syscalls syscalls = JnrSyscalls.load();
      FdPair pair = syscalls.socketpairStream();
      return new MemoryRelay(target, sent, pair, new FdChannel(syscalls, pair.first(), PATIENCE));
    } catch (IOException e) {
      throw PodkitException.io("cannot make a socket for CRIU", e);
    }
  }

  /** The end that CRIU is given; CRIU gets a copy. */
  Fd criuEnd() {
    return pair.second();
  }

  /**
   * Passes everything on, until CRIU says that it was all. On failure CRIU's socket is closed: CRIU
   * would wait for ever for somebody to read it, and the pod would stand still with it.
   */
  void run() throws PodkitException {
    try (UndoStack undo = new UndoStack("relay memory")) {
      undo.push("close CRIU's socket", channel::close);
      new PageServerStream(channel, new Forwarder()).serve();
      undo.commit();
    } catch (IOException e) {
      throw ChannelIoException.unwrap("sending memory", e);
    }
  }

  @Override
  public void close() throws PodkitException {
    try {
      pair.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot close CRIU's socket", e);
    }
  }

  private final class Forwarder implements PageHandler {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Limits.MAX_CHUNK_BYTES);

    @Override
    public boolean open(MemoryImage image) throws IOException {
      send(new Bulk.MemoryOpen(image.encoded(), PageRun.PAGE_SIZE));
      return false;
    }

    @Override
    public void pages(
        MemoryImage image, PageRun run, Set<PageFlag> flags, ReadableByteChannel contents)
        throws IOException {
      long address = run.address();
      while (address < run.end()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), run.end() - address));
        while (buffer.hasRemaining()) {
          if (contents.read(buffer) < 0) {
            throw new IOException("CRIU sent fewer bytes than it announced");
          }
        }
        buffer.flip();
        int bytes = buffer.remaining();
        send(
            new Bulk.MemoryPages(
                image.encoded(), address, bytes / PageRun.PAGE_SIZE, PageFlag.bits(flags), buffer));
        sent.accept(bytes);
        address += bytes;
      }
    }

    @Override
    public void absent(MemoryImage image, PageRun run, Set<PageFlag> flags) throws IOException {
      throw new IOException("CRIU left out pages of a dump that has no parent: " + run);
    }

    @Override
    public void finish() {
      // That the target has stored it all is asked once for the whole channel.
    }

    private void send(Bulk message) throws IOException {
      try {
        target.send(message);
      } catch (PodkitException e) {
        throw ChannelIoException.of(e);
      }
    }
  }
}
