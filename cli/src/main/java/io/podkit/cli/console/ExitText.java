package io.podkit.cli.console;

/**
 * What each exit code means, {@code CODE:MEANING}: constants, because annotations take nothing
 * else. {@link ExitCode} is made from these.
 */
public final class ExitText {
  public static final String OK = "0:success";
  public static final String STATUS = "0-255:the status of the command in the pod";
  public static final String FAILURE = "1:failure of another kind";
  public static final String USAGE = "2:wrong arguments";
  public static final String NOT_FOUND = "3:no such pod, image, file or host";
  public static final String CONFLICT = "4:name in use, or the pod's state forbids it";
  public static final String REFUSED = "5:refused before anything was touched";
  public static final String PEER = "6:the other host or the network failed";
  public static final String CRIU = "7:CRIU failed; the pod runs on";
  public static final String CANCELLED = "8:cancelled";
  public static final String TIMEOUT = "9:timed out";
  public static final String IN_DOUBT = "10:unknown which host owns the pod; needs pod recover";
  public static final String MOVED = "11:the pod left this host meanwhile";
  public static final String LEFT = "12:pods are left on the host, or still on their way";
  public static final String NOT_RUN = "125:podkit failed, not the command in the pod";
  public static final String NOT_EXECUTABLE = "126:the command in the pod cannot be executed";
  public static final String COMMAND_NOT_FOUND = "127:the command was not found in the pod";

  private ExitText() {}
}
