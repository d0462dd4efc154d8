package io.podkit.criu.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ByteChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of a dump's memory: CRIU's page server protocol as of 4.2.
 *
 * <pre>
 *   dump                              here
 *   OPEN image             ──────→
 *                          ←──────    1 byte: is there an earlier dump
 *   ADD run, contents      ──────→                                      (repeated)
 *   OPEN next image ...    ──────→
 *   CLOSE                  ──────→
 *                          ←──────    4 bytes: 0, all is safe
 * </pre>
 *
 * <p>One thread calls {@link #serve()}; there is no work per page, only per run.
 */
public final class PageServerStream {

  private static final Set<PageFlag> PRESENT = Set.of(PageFlag.PRESENT);
  private static final Set<PageFlag> PARENT = Set.of(PageFlag.PARENT);

  private final ByteChannel channel;
  private final StreamInput input;
  private final PageHandler handler;
  private @Nullable MemoryImage image;
  private long nextAddress;
  private long pagesReceived;

  /**
   * A stream to serve.
   *
   * @param channel our end of the socket, which stays the caller's
   * @param handler gets the memory
   */
  public PageServerStream(ByteChannel channel, PageHandler handler) {
    this.channel = channel;
    this.input = new StreamInput(channel);
    this.handler = handler;
  }

  /**
   * Serves the dump to its end.
   *
   * <p>If it throws, the caller closes the channel; CRIU then fails the dump and lets the tasks run
   * on.
   *
   * @return pages that were received with contents
   * @throws java.io.EOFException if the stream ends without CLOSE: the dump has failed
   * @throws ImageFormatException if it is not CRIU 4.2 that speaks
   * @throws IOException what the handler or the channel threw
   */
  public long serve() throws IOException {
    boolean more = true;
    while (more) {
      PageServerHeader header = PageServerHeader.decode(input.require(PageServerHeader.SIZE));
      more = execute(header);
    }
    return pagesReceived;
  }

  private boolean execute(PageServerHeader header) throws IOException {
    switch (header.command()) {
      case OPEN -> open(header);
      case OPEN_ASKING -> answer(Byte.BYTES, open(header) ? 1 : 0);
      case PARENT -> {
        MemoryImage asked = MemoryImage.decode(header.image());
        answer(Integer.BYTES, handler.hasParent(asked) ? 1 : 0);
      }
      case ADD -> add(header, PRESENT);
      case HOLE -> add(header, PARENT);
      case ADD_FLAGS -> add(header, PageFlag.of(header.flags()));
      case CLOSE, FORCE_CLOSE -> {
        handler.finish();
        answer(Integer.BYTES, 0);
        return false;
      }
    }
    return true;
  }

  private boolean open(PageServerHeader header) throws IOException {
    image = MemoryImage.decode(header.image());
    nextAddress = 0;
    return handler.open(image);
  }

  private void add(PageServerHeader header, Set<PageFlag> flags) throws IOException {
    if (image == null || image.encoded() != header.image()) {
      throw new ImageFormatException("pages of an image that was not opened");
    }
    PageRun run = PageRun.checked(header.address(), header.pages());
    if (run.address() < nextAddress) {
      throw new ImageFormatException("pages of " + image + " are not in order: " + run);
    }
    nextAddress = run.end();
    if (!flags.contains(PageFlag.PRESENT)) {
      handler.absent(image, run, flags);
      return;
    }
    StreamInput.Contents contents = input.contents(run.bytes());
    handler.pages(image, run, flags, contents);
    contents.skipRest();
    pagesReceived += run.pages();
  }

  private void answer(int bytes, int value) throws IOException {
    ByteBuffer answer = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    answer.putInt(value).flip().limit(bytes);
    while (answer.hasRemaining()) {
      channel.write(answer);
    }
  }
}
