package io.podkit.linux;

import java.util.Locale;

/** The signals that Podkit sends or names; their numbers are those of x86-64 and arm64. */
public enum Signal {
  /** Hang-up. */
  HUP(1),
  /** Interrupt from the keyboard. */
  INT(2),
  /** Quit from the keyboard. */
  QUIT(3),
  /** Abort. */
  ABRT(6),
  /** Kill; cannot be caught. */
  KILL(9),
  /** For the program's own use. */
  USR1(10),
  /** Invalid memory access. */
  SEGV(11),
  /** For the program's own use. */
  USR2(12),
  /** Write to a pipe that nobody reads. */
  PIPE(13),
  /** Alarm clock. */
  ALRM(14),
  /** Please end. */
  TERM(15),
  /** A child changed its state. */
  CHLD(17),
  /** Continue. */
  CONT(18),
  /** Stop; cannot be caught. */
  STOP(19),
  /** Stop from the terminal. */
  TSTP(20),
  /** The window's size changed. */
  WINCH(28);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /** The number that kill(2) takes. */
  public int number() {
    return number;
  }

  /**
   * The signal of that name: {@code TERM}, {@code SIGTERM} in any case, or the number.
   *
   * @throws IllegalArgumentException if it is none of ours
   */
  public static Signal parse(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    String bare = name.startsWith("SIG") ? name.substring(3) : name;
    for (Signal signal : values()) {
      if (signal.name().equals(bare) || Integer.toString(signal.number).equals(bare)) {
        return signal;
      }
    }
    throw new IllegalArgumentException("unknown signal: " + text);
  }

  @Override
  public String toString() {
    return "SIG" + name();
  }
}
