package io.podkit.criu.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stands before each message to a page server, in the layout of CRIU 4.2: {@code u32 command
 * with flags, u32 padding, u64 pages, u64 address, u64 image}, little endian.
 *
 * @param command what it is
 * @param flags of {@link Command#ADD_FLAGS}, else 0
 * @param pages how many
 * @param address where
 * @param image which, as a number
 */
record PageServerHeader(Command command, int flags, long pages, long address, long image) {

  static final int SIZE = 32;

  private static final int COMMAND_BITS = 16;
  private static final int COMMAND_MASK = 0xffff;

  /** The commands that a dump sends. */
  enum Command {
    /** Pages with contents. */
    ADD(1),
    /** Pages whose contents an earlier dump has. */
    HOLE(2),
    /** An image begins; no answer. */
    OPEN(3),
    /** An image begins; the answer is a byte. */
    OPEN_ASKING(4),
    /** Is there an earlier dump; the answer is 32 bits. */
    PARENT(5),
    /** Pages with flags that say whether contents follow. */
    ADD_FLAGS(6),
    /** The end; the answer is 32 bits. */
    CLOSE(0x1023),
    /** The same on a socket that was inherited. */
    FORCE_CLOSE(0x1024);

    private final int number;

    Command(int number) {
      this.number = number;
    }

    private static Command of(int number) throws ImageFormatException {
      for (Command command : values()) {
        if (command.number == number) {
          return command;
        }
      }
      throw new ImageFormatException("unknown page server command " + number);
    }
  }

  /** Reads one from the buffer's position. */
  static PageServerHeader decode(ByteBuffer buffer) throws ImageFormatException {
    ByteBuffer in = buffer.order(ByteOrder.LITTLE_ENDIAN);
    int word = in.getInt();
    in.getInt(); // padding, which CRIU leaves as it was in its memory
    return new PageServerHeader(
        Command.of(word & COMMAND_MASK),
        word >>> COMMAND_BITS,
        in.getLong(),
        in.getLong(),
        in.getLong());
  }

  /** Writes it at the buffer's position. */
  void encode(ByteBuffer buffer) {
    buffer
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(command.number | flags << COMMAND_BITS)
        .putInt(0)
        .putLong(pages)
        .putLong(address)
        .putLong(image);
  }
}
