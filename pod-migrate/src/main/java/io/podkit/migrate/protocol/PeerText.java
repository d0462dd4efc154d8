package io.podkit.migrate.protocol;

/** Makes text from a peer harmless to a terminal and a log. */
final class PeerText {

  static final int MAX_CHARS = 4096;

  private PeerText() {}

  /**
   * The text without control and format characters (escape sequences, line ends, direction marks),
   * each of which becomes a space, cut after 4096 characters.
   */
  static String clean(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_CHARS));
    for (int i = 0; i < text.length() && out.length() < MAX_CHARS; i++) {
      char c = text.charAt(i);
      out.append(isHarmless(c) ? c : ' ');
    }
    return out.toString().strip();
  }

  private static boolean isHarmless(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }
}
