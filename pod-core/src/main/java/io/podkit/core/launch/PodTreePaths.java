package io.podkit.core.launch;

/**
 * Names in {@code /.pod}, the directory of a pod's tree that belongs to Podkit and travels with the
 * pod.
 */
public final class PodTreePaths {
  public static final String DIRECTORY = "/.pod";

  /** The program of a pod's pid 1, and of whoever enters it. */
  public static final String INIT = "init";

  public static final String STDIN = "stdin";
  public static final String STDOUT = "stdout";
  public static final String STDERR = "stderr";

  /** Created from outside to say that no more input comes. */
  public static final String STDIN_END = "stdin.eof";

  /** {@code ROWS COLUMNS} of the terminal, read again on SIGWINCH. */
  public static final String WINDOW_SIZE = "winsize";

  /** How an exec session ended. */
  public static final String STATUS = "status";

  private PodTreePaths() {}

  /** Where the streams of one exec session lie. */
  public static String exec(String id) {
    return DIRECTORY + "/exec/" + id;
  }
}
