package io.podkit.core.api;

/**
 * The size of a terminal window.
 *
 * @param rows lines of text
 * @param columns characters per line
 */
public record TerminalSize(int rows, int columns) {
  public TerminalSize {
    if (rows < 0 || rows > 0xffff || columns < 0 || columns > 0xffff) {
      throw new IllegalArgumentException(rows + "x" + columns + " is not a terminal size");
    }
  }
}
