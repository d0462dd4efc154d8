package io.podkit.criu;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CRIU failed; carries its own words, where its log is, and a hint if we know the error. */
public final class CriuException extends PodkitException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> excerpt;
  private final transient Path log;

  private CriuException(
      String what, @Nullable Hint hint, @Nullable Throwable cause, List<String> excerpt, Path log) {
    super(ErrorKind.CRIU, what, hint, cause);
    this.excerpt = excerpt;
    this.log = log;
  }

  /**
   * A failure as the logs explain it.
   *
   * @param what the operation: "CRIU dump failed"
   * @param log CRIU's log
   * @param workerLog what it wrote before it had a log, or the program that starts it
   */
  static CriuException of(String what, Path log, Path workerLog) {
    CriuLog said = CriuLog.empty();
    Path from = log;
    try {
      said = CriuLog.read(log);
      if (said.errors().isEmpty() && hasText(workerLog)) {
        from = workerLog;
        said = CriuLog.readShort(workerLog);
      }
    } catch (IOException e) {
      CriuException failure = new CriuException(what, null, null, List.of(), log);
      failure.addSuppressed(e);
      return failure;
    }
    String message = said.reason().map(reason -> what + ": " + reason).orElse(what);
    return new CriuException(message, said.hint().orElse(null), null, said.excerpt(), from);
  }

  private static boolean hasText(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) > 0;
  }

  /** CRIU's error lines with a few lines before each, for a person to read. */
  public List<String> excerpt() {
    return excerpt;
  }

  /** The log that the excerpt is from. */
  public Path log() {
    return log;
  }

  @Override
  public CriuException during(String what) {
    return new CriuException(what + ": " + what(), hint(), this, excerpt, log);
  }
}
