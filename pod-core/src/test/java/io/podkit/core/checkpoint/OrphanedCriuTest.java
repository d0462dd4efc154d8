package io.podkit.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.ExitStatus;
import io.podkit.process.Subprocess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of {@code sleep} stands for CRIU: a program of its own that has its log open. */
class OrphanedCriuTest {
  private static final Duration BRIEFLY = Duration.ofMillis(50);

  @TempDir Path directory;
  private Path criu;
  private Path work;

  @BeforeEach
  void copyProgram() throws Exception {
    directory = directory.toRealPath();
    criu = directory.resolve("criu");
    Files.copy(Path.of("/bin/sleep"), criu);
    work = Files.createDirectory(directory.resolve("web"));
  }

  @Test
  void awaitEnd_waitsUntilItHasEnded() throws Exception {
    long start = System.nanoTime();
    try (Subprocess orphan = logging(criu, work, "0.4")) {
      OrphanedCriu.awaitEnd(criu, work, Duration.ofSeconds(30));
      // A process has given its files and program back a moment before it is known to have ended.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(390));
      assertThat(orphan.finish().status()).isEqualTo(ExitStatus.exited(0));
    }
  }

  @Test
  void awaitEnd_saysSoWhenItHangs() throws Exception {
    try (Subprocess orphan = logging(criu, work, "60")) {
      assertThatThrownBy(() -> OrphanedCriu.awaitEnd(criu, work, BRIEFLY))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TIMEOUT));
      assertThat(orphan.isAlive()).isTrue();
    }
  }

  @Test
  void awaitEnd_findsItByAnotherWayToTheDirectory() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), work);
    try (Subprocess orphan = logging(criu, work, "60")) {
      assertThatThrownBy(() -> OrphanedCriu.awaitEnd(criu, link, BRIEFLY))
          .isInstanceOf(PodkitException.class);
      assertThat(orphan.isAlive()).isTrue();
    }
  }

  @Test
  void awaitEnd_doesNotWaitForACriuThatWorksElsewhere() throws Exception {
    Path other = Files.createDirectory(directory.resolve("web-2"));
    try (Subprocess busy = logging(criu, other, "60")) {
      OrphanedCriu.awaitEnd(criu, work, BRIEFLY);
      assertThat(busy.isAlive()).isTrue();
    }
  }

  @Test
  void awaitEnd_doesNotWaitForAnotherProgram() throws Exception {
    try (Subprocess reader = logging(Path.of("/bin/sleep"), work, "60")) {
      OrphanedCriu.awaitEnd(criu, work, BRIEFLY);
      assertThat(reader.isAlive()).isTrue();
    }
  }

  private static Subprocess logging(Path program, Path work, String seconds) throws Exception {
    return Command.of(program, seconds).stdoutTo(work.resolve("criu.log")).start();
  }
}
