package io.podkit.criu;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.PodkitException;
import io.podkit.linux.Pid;
import io.podkit.process.Command;
import io.podkit.procfs.ProcStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The workload {@code src/test/c/ticker.c} in namespaces of its own: pid 1 of a small pod that
 * counts in a file and checks itself.
 */
public final class Ticker implements AutoCloseable {
  private static final Path PROGRAMS = Path.of("target/test-c");
  private static final Path PROC = Path.of("/proc");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path root;
  private Pid pid;

  private Ticker(Pid pid, Path root) {
    this.pid = pid;
    this.root = root;
  }

  /** Starts one with a directory below {@code directory} as its root. */
  public static Ticker start(Path directory, int mebibytes) throws PodkitException, IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("proc"));
    Files.copy(PROGRAMS.resolve("ticker"), root.resolve("ticker"), COPY_ATTRIBUTES);
    String pid =
        Command.of(PROGRAMS.resolve("contain"), root, "/ticker", "/count", mebibytes)
            .runOrThrow("start ticker")
            .stdout();
    return new Ticker(Pid.parse(pid), root);
  }

  /** The directory that is its root. */
  public Path root() {
    return root;
  }

  /** From now on the restored process of that pid is meant. */
  public void isNow(Pid restored) {
    pid = restored;
  }

  public Pid pid() {
    return pid;
  }

  public boolean isRunning() throws IOException {
    return ProcStat.of(PROC, pid).filter(stat -> !stat.isZombie()).isPresent();
  }

  public long count() throws IOException {
    Path file = root.resolve("count");
    String text = Files.exists(file) ? Files.readString(file).strip() : "";
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  /** Waits until it has counted on from where it is now. */
  public void awaitTick() throws IOException, InterruptedException {
    long before = count();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (count() <= before) {
      assertThat(System.nanoTime()).as("%s counts", this).isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  public void awaitGone() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (isRunning()) {
      assertThat(System.nanoTime()).as("%s is gone", this).isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    ProcessHandle.of(pid.value()).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Override
  public String toString() {
    return "ticker " + pid;
  }
}
