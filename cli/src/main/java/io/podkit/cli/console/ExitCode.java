package io.podkit.cli.console;

import io.podkit.error.ErrorKind;

/** The exit codes of {@code pod}; scripts rely on them, so a code never changes its meaning. */
public enum ExitCode {
  OK(ExitText.OK),
  FAILURE(ExitText.FAILURE),
  USAGE(ExitText.USAGE),
  NOT_FOUND(ExitText.NOT_FOUND),
  CONFLICT(ExitText.CONFLICT),
  REFUSED(ExitText.REFUSED),
  PEER(ExitText.PEER),
  CRIU(ExitText.CRIU),
  CANCELLED(ExitText.CANCELLED),
  TIMEOUT(ExitText.TIMEOUT),
  IN_DOUBT(ExitText.IN_DOUBT),
  MOVED(ExitText.MOVED),
  LEFT(ExitText.LEFT),
  NOT_RUN(ExitText.NOT_RUN),
  NOT_EXECUTABLE(ExitText.NOT_EXECUTABLE),
  COMMAND_NOT_FOUND(ExitText.COMMAND_NOT_FOUND);

  /**
   * {@link #NOT_RUN} as a constant: what a command that passes on the status of a command in a pod
   * puts into its annotation, so that its own failures can be told from that status.
   */
  public static final int NOT_RUN_CODE = 125;

  private final int code;
  private final String meaning;

  ExitCode(String text) {
    int colon = text.indexOf(':');
    code = Integer.parseInt(text.substring(0, colon));
    meaning = text.substring(colon + 1);
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }

  /** The code for a failure of that kind. */
  public static ExitCode of(ErrorKind kind) {
    return switch (kind) {
      case USAGE -> USAGE;
      case NOT_FOUND -> NOT_FOUND;
      case CONFLICT -> CONFLICT;
      case REFUSED, UNSUPPORTED -> REFUSED;
      case PEER -> PEER;
      case CRIU -> CRIU;
      case CANCELLED -> CANCELLED;
      case TIMEOUT -> TIMEOUT;
      case IN_DOUBT -> IN_DOUBT;
      case MOVED -> MOVED;
      case COMMAND_NOT_EXECUTABLE -> NOT_EXECUTABLE;
      case COMMAND_NOT_FOUND -> COMMAND_NOT_FOUND;
      case COMMAND, IO, INTERNAL -> FAILURE;
    };
  }

  /**
   * The code for that failure of a command that otherwise ends with the status of a command in a
   * pod: 125 unless the reason lies in that command.
   */
  public static ExitCode beforeRunning(ErrorKind kind) {
    ExitCode code = of(kind);
    return code == NOT_EXECUTABLE || code == COMMAND_NOT_FOUND ? code : NOT_RUN;
  }
}
