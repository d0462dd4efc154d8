package io.podkit.process;

/** How a process ended: by itself with a code, or by a signal. */
public sealed interface ExitStatus {

  /** Shells and pod-init report a process that signal N killed as 128 + N. */
  int SIGNAL_BASE = 128;

  /**
   * It called exit.
   *
   * @param code 0 to 255. The JDK reports a child killed by signal N as code 128 + N too and cannot
   *     tell the two apart; {@code io.podkit.linux.SpawnedChild} can.
   */
  record Exited(int code) implements ExitStatus {
    @Override
    public String toString() {
      return "exit code " + code;
    }
  }

  /**
   * A signal ended it.
   *
   * @param signal the signal's number
   */
  record Signalled(int signal) implements ExitStatus {
    @Override
    public String toString() {
      return "signal " + signal;
    }
  }

  /** Whether it is exit code 0. */
  default boolean success() {
    return this instanceof Exited exited && exited.code() == 0;
  }

  /** The status as one number the way shells do it: the code, or 128 + the signal. */
  default int shellCode() {
    return this instanceof Exited exited
        ? exited.code()
        : SIGNAL_BASE + ((Signalled) this).signal();
  }

  /** It ended by itself with that code. */
  static ExitStatus exited(int code) {
    return new Exited(code);
  }

  /** That signal ended it. */
  static ExitStatus signalled(int signal) {
    return new Signalled(signal);
  }
}
