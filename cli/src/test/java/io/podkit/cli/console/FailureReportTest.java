package io.podkit.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.criu.CriuFailures;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureReportTest {
  private final StringWriter err = new StringWriter();

  private String report(Throwable failure, boolean withStackTrace) {
    new FailureReport(new PrintWriter(err), withStackTrace).write(failure);
    return err.toString();
  }

  @Test
  void known_isWhatAndHint() {
    PodkitException failure =
        PodkitException.of(
            ErrorKind.CRIU, "cannot checkpoint pod web", new Hint("use --tcp-established"));

    assertThat(report(failure, false))
        .isEqualTo("error: cannot checkpoint pod web\nhint:  use --tcp-established\n");
  }

  @Test
  void criu_speaksForItselfUnderOurWords(@TempDir Path dir) throws IOException {
    Path log = dir.resolve("dump.log");
    Files.writeString(
        log,
        """
        (00.001) Dumping pod
        (00.041) Error (criu/sk-inet.c:200): inet: Connected TCP socket
        """);
    PodkitException failure =
        CriuFailures.from(log).during("cannot checkpoint pod web").withHint(new Hint("try"));

    assertThat(report(failure, false).replace(dir.toString(), ""))
        .startsWith("error: cannot checkpoint pod web: CRIU dump failed: ")
        .contains("hint:  ")
        .contains("log:   /dump.log, last error:\n")
        .endsWith("       (00.041) Error (criu/sk-inet.c:200): inet: Connected TCP socket\n");
  }

  @Test
  void severalLines_areIndentedUnderTheFirst() {
    assertThat(report(PodkitException.conflict("one\ntwo"), false))
        .isEqualTo("error: one\n       two\n");
  }

  @Test
  void suppressed_areToldToo() {
    PodkitException failure = PodkitException.refused("no");
    failure.addSuppressed(PodkitException.conflict("cannot unmount /x"));

    assertThat(report(failure, false)).isEqualTo("error: no\nalso:  cannot unmount /x\n");
  }

  @Test
  void controlCharacters_doNotReachTheTerminal() {
    assertThat(report(PodkitException.refused("a\u001b[2Jb\u009bc\rd"), false))
        .isEqualTo("error: a?[2Jb?c?d\n");
  }

  @Test
  void defect_isCalledOne() {
    assertThat(report(new IllegalStateException("odd"), false))
        .isEqualTo(
            """
            error: internal error: java.lang.IllegalStateException: odd
            hint:  this is a defect of podkit; repeat with --stacktrace and report it
            """);
  }

  @Test
  void stackTrace_isShownOnRequest() {
    assertThat(report(PodkitException.refused("no"), true))
        .startsWith("error: no\nio.podkit.error.PodkitException: no\n\tat ");
  }

  @Test
  void interrupt_isCancelled() {
    assertThat(report(new InterruptedException(), false)).isEqualTo("error: cancelled\n");
    assertThat(FailureReport.kindOf(new InterruptedException())).isEqualTo(ErrorKind.CANCELLED);
    assertThat(FailureReport.kindOf(new IllegalStateException())).isEqualTo(ErrorKind.INTERNAL);
  }
}
