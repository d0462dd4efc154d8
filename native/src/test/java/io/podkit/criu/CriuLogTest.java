package io.podkit.criu;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.ErrorKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On logs of real failures; src/test/resources/criu/README.md says which. */
class CriuLogTest {
  private static final Path LOGS = Path.of("src/test/resources/criu");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp.log | inet: Connected TCP socket, consider using --tcp-established option. |"
            + " a process holds a TCP connection",
        "ghost.log | Can't dump ghost file /srv/app/app.log of 3145728 size, increase limit |"
            + " raise the ghost limit",
        "link.log | Can't create link remap for /srv/app/a. Use link-remap option. |"
            + " allow link remaps",
        "lock.log | Some file locks are hold by dumping tasks! You can try --file-locks to dump"
            + " them. | a process holds file locks",
        "uid.log | Can't get rlimit 0: Operation not permitted | a user namespace of its own",
        "restore-missing.log | Can't open file ticker on restore: No such file or directory |"
            + " missing on this host",
        "restore-size.log | File ticker has bad size 762618 (expect 762616) | differs on this host"
      })
  void log_tellsReasonAndHint(String file, String reason, String hint) throws IOException {
    CriuLog log = CriuLog.read(LOGS.resolve(file));

    assertThat(log.reason()).hasValue(reason);
    assertThat(log.hint().orElseThrow().text()).contains(hint);
    assertThat(String.join("\n", log.excerpt()))
        .contains(reason)
        .doesNotContain("RLIMIT_NOFILE")
        .hasLineCount(log.excerpt().size());
  }

  @Test
  void excerpt_hasThreeLinesBeforeEachError() throws IOException {
    assertThat(CriuLog.read(LOGS.resolve("tcp.log")).excerpt())
        .startsWith(
            "(00.080337) sockets: No filter for socket",
            "(00.080338) inet: Dumping inet socket at 3",
            "(00.080357) 11810 fdinfo 4: pos:                0 flags:                2/0x1",
            "(00.080360) Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using"
                + " --tcp-established option.")
        .hasSize(9);
  }

  @Test
  void log_thatIsMissingOrCleanSaysNothing() throws IOException {
    assertThat(CriuLog.read(LOGS.resolve("none"))).isEqualTo(CriuLog.empty());
    assertThat(parse("(00.1) fine\n").reason()).isEmpty();
  }

  @Test
  void excerpt_isBoundedAndPrintable() throws IOException {
    String error = "(00.1) Error (criu/x.c:1): name \u001b[2J " + "x".repeat(1000) + "\n";
    CriuLog log = parse(error.repeat(100));

    assertThat(log.errors()).hasSize(8);
    assertThat(log.excerpt()).allMatch(line -> line.length() < 510 && !line.contains("\u001b"));
  }

  @Test
  void exception_carriesLogExcerptAndHintAlsoWithContext(@TempDir Path directory) {
    CriuException e =
        CriuException.of("CRIU dump failed", LOGS.resolve("tcp.log"), directory.resolve("none"))
            .during("cannot migrate pod web");

    assertThat(e.what())
        .isEqualTo(
            "cannot migrate pod web: CRIU dump failed: inet: Connected TCP socket, consider using"
                + " --tcp-established option.");
    assertThat(e.kind()).isEqualTo(ErrorKind.CRIU);
    assertThat(e.log()).isEqualTo(LOGS.resolve("tcp.log"));
    assertThat(e.excerpt()).hasSize(9);
    assertThat(e.hint()).isNotNull();
  }

  @Test
  void exception_quotesTheWorkerWhereCriuHasNoLog(@TempDir Path directory) throws IOException {
    Path worker = Files.writeString(directory.resolve("worker"), "criu: cannot execute\n");
    CriuException e = CriuException.of("CRIU dump failed", directory.resolve("none"), worker);

    assertThat(e.excerpt()).containsExactly("criu: cannot execute");
    assertThat(e.log()).isEqualTo(worker);
    assertThat(e.what()).isEqualTo("CRIU dump failed: criu: cannot execute");
  }

  private static CriuLog parse(String text) throws IOException {
    return CriuLog.parse(new BufferedReader(new StringReader(text)));
  }
}
