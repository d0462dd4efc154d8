package io.podkit.linux;

import java.util.List;
import java.util.Locale;

/**
 * Signals as people and images write them: {@code TERM}, {@code SIGTERM}, {@code RTMIN+1}, {@code
 * RTMAX-1} or a number.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</a>
 */
public final class SignalName {
  /** The number is the index; as on x86 and arm. */
  private static final List<String> NAMES =
      List.of(
          "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
          "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
          "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private static final String FIRST = "RTMIN";
  private static final String LAST = "RTMAX";

  /** The first real-time signal as glibc counts: the kernel's 32 and 33 are its own. */
  private static final int REALTIME_MIN = 34;

  private static final int MAX = 64;

  private SignalName() {}

  /**
   * Parses a signal.
   *
   * @return its number
   * @throws IllegalArgumentException if there is no such signal
   */
  public static int parse(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
    int number = NAMES.indexOf(name);
    if (number <= 0) {
      number = realtime(name);
    }
    if (number <= 0 && name.matches("\\d{1,2}")) {
      number = Integer.parseInt(name);
    }
    if (number <= 0 || number > MAX) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a signal: write a name such as TERM, or a number from 1 to "
              + MAX);
    }
    return number;
  }

  private static int realtime(String name) {
    if (name.matches(FIRST + "(\\+\\d{1,2})?")) {
      return REALTIME_MIN + offset(name);
    }
    if (name.matches(LAST + "(-\\d{1,2})?") && MAX - offset(name) >= REALTIME_MIN) {
      return MAX - offset(name);
    }
    return 0;
  }

  private static int offset(String name) {
    return name.length() == FIRST.length() ? 0 : Integer.parseInt(name.substring(6));
  }

  /** What {@link #parse} reads again: {@code SIGTERM}, {@code SIGRTMIN+1}. */
  public static String of(int number) {
    if (number > 0 && number < NAMES.size()) {
      return "SIG" + NAMES.get(number);
    }
    if (number < REALTIME_MIN) {
      return Integer.toString(number);
    }
    return number == REALTIME_MIN ? "SIG" + FIRST : "SIG" + FIRST + "+" + (number - REALTIME_MIN);
  }
}
