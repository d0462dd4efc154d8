package io.podkit.cli.console;

/** Makes text from pods, peers and logs fit for a terminal. */
public final class Text {
  private static final char ELLIPSIS = '…';
  private static final int DELETE = 0x7f;

  /** Behind the second block of control characters, which begins behind DELETE. */
  private static final int END_OF_C1 = 0xa0;

  private Text() {}

  /**
   * The text without control characters, which could move the cursor or change what the user sees;
   * line feeds and tabs stay.
   */
  public static String printable(String text) {
    StringBuilder result = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean harmless = c == '\n' || c == '\t' || !isControl(c);
      if (!harmless && result == null) {
        result = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (result != null) {
        result.append(harmless ? c : '?');
      }
    }
    return result == null ? text : result.toString();
  }

  /** {@link #printable} in one line. */
  public static String line(String text) {
    return printable(text).replace('\n', ' ').replace('\t', ' ');
  }

  /** The text cut to that many characters, the last of them an ellipsis if something is missing. */
  public static String cut(String text, int characters) {
    return text.length() <= characters ? text : text.substring(0, characters - 1) + ELLIPSIS;
  }

  private static boolean isControl(char c) {
    return c < ' ' || (c >= DELETE && c < END_OF_C1);
  }
}
