package io.podkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class CommandTest {
  @TempDir Path directory;

  @Test
  void run_collectsBothStreamsAndTheStatus() throws PodkitException {
    CommandResult result = sh("echo out; echo err >&2; exit 3").run();

    assertThat(result.stdout()).isEqualTo("out\n");
    assertThat(result.stderr()).isEqualTo("err\n");
    assertThat(result.status()).isEqualTo(ExitStatus.exited(3));
  }

  @Test
  void run_doesNotDeadlockWhenStderrFillsItsPipe() throws PodkitException {
    CommandResult result = sh("head -c 300000 /dev/zero >&2; echo done").run();

    assertThat(result.stdout()).isEqualTo("done\n");
    assertThat(result.stderr()).hasSize(32 * 1024);
  }

  @Test
  void run_passesBytesEnvironmentAndDirectory() throws Exception {
    CommandResult result =
        sh("cat; printf %s \"$A $LC_ALL\"; pwd -P")
            .stdin("in ".getBytes(StandardCharsets.UTF_8))
            .env("A", "b")
            .cwd(directory)
            .run();

    assertThat(result.stdout()).isEqualTo("in b C" + directory.toRealPath() + "\n");
  }

  @Test
  void withoutEnv_hidesAVariableOfOurs() throws PodkitException {
    String path = Command.of("/usr/bin/env").withoutEnv("PATH").run().stdout();
    assertThat(path.lines()).noneMatch(line -> line.startsWith("PATH="));
  }

  @Test
  void run_ignoresThatAProgramDoesNotReadItsInput() throws PodkitException {
    assertThat(Command.of("true").stdin(new byte[1 << 20]).run().success()).isTrue();
  }

  @Test
  void run_failsWhenItsInputCannotBeRead() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk error");
          }

          @Override
          public int read(byte[] to, int offset, int length) throws IOException {
            throw new IOException("disk error");
          }
        };
    assertThatThrownBy(() -> Command.of("cat").stdin(broken).run())
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("disk error");
  }

  @Test
  void run_killsWhatExceedsItsTime() {
    Command slow = Command.of("sleep", 60).timeout(Duration.ofMillis(50));
    assertKind(slow, ErrorKind.TIMEOUT, "sleep did not end within 50 ms and was killed");
  }

  @Test
  void run_refusesMoreOutputThanItsLimit() {
    Command loud = sh("head -c 1000 /dev/zero").outputLimit(999);
    assertKind(loud, ErrorKind.COMMAND, "wrote more than 999 bytes");
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.SECONDS)
  void run_doesNotWaitForAGrandchildThatHoldsThePipe() throws PodkitException {
    assertThat(sh("sleep 20 & echo started").run().stdout()).isEqualTo("started\n");
  }

  @Test
  void run_saysWhichProgramIsMissing() {
    assertKind(
        Command.of("no-such-program-here"),
        ErrorKind.NOT_FOUND,
        "program not found: no-such-program-here");
  }

  @Test
  void run_saysThatTheDirectoryIsMissing() {
    Path missing = directory.resolve("missing");
    assertKind(Command.of("true").cwd(missing), ErrorKind.NOT_FOUND, "true in " + missing);
  }

  @Test
  void run_whenInterruptedKillsTheProgramAndKeepsTheFlag() {
    Thread.currentThread().interrupt();
    assertKind(Command.of("sleep", 60), ErrorKind.CANCELLED, "interrupted while sleep");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void runOrThrow_putsTheLastWordsIntoTheMessage() {
    assertThatThrownBy(() -> sh("echo bad superblock >&2; exit 1").runOrThrow("cannot pack base"))
        .hasMessage("cannot pack base: sh ended with exit code 1: bad superblock");
  }

  @Test
  void stdoutTo_streamsToAStreamOrAFile() throws Exception {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    CommandResult result = sh("printf abc").stdoutTo(stream).runOrThrow("x");
    assertThat(stream.toString(StandardCharsets.UTF_8)).isEqualTo("abc");
    assertThat(result.output()).isEmpty();

    Path file = directory.resolve("out");
    sh("printf abc").stdoutTo(file).runOrThrow("x");
    assertThat(file).hasContent("abc");
    assertThat(Command.of("cat").stdin(file).runOrThrow("x").stdout()).isEqualTo("abc");
  }

  @Test
  void start_letsTheCallerTalkAndClosingKills() throws Exception {
    long pid;
    try (Subprocess cat = Command.of("cat").stdoutPiped().start()) {
      pid = cat.pid();
      cat.stdin().write('x');
      cat.stdin().flush();
      assertThat(cat.stdout().read()).isEqualTo('x');
    }
    assertThat(Files.exists(Path.of("/proc/" + pid))).isFalse();
  }

  private static Command sh(String script) {
    return Command.of("sh", "-c", script);
  }

  private static void assertKind(Command command, ErrorKind kind, String message) {
    assertThatThrownBy(command::run)
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(kind));
  }
}
