package io.podkit.linux;

/**
 * The size of a terminal's window.
 *
 * @param rows lines
 * @param columns characters a line
 */
public record WindowSize(int rows, int columns) {

  private static final int MAX = 0xffff;

  /** Rejects what does not fit {@code struct winsize}. */
  public WindowSize {
    if (rows < 0 || columns < 0 || rows > MAX || columns > MAX) {
      throw new IllegalArgumentException(
          "no window has " + rows + " rows, " + columns + " columns");
    }
  }
}
