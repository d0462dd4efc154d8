package io.podkit.tests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@code pod migrate} that is under way. Closing kills it. */
public final class Move implements AutoCloseable {
  static final String FAULT = "PODKIT_FAULT";

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What a process says that comes to its fault. */
  static final String FAULT_SEEN = "fault at ";

  private final Subprocess process;
  private final Path said;

  private Move(Subprocess process, Path said) {
    this.process = process;
    this.said = said;
  }

  /**
   * How it ended.
   *
   * @param status its exit status as a shell would say it
   * @param said what it wrote to standard error
   */
  public record End(int status, String said) {}

  /**
   * Starts it.
   *
   * @param fault for {@code PODKIT_FAULT} in its own process; empty for none
   * @param options more words for the command
   */
  public static Move start(Host from, String pod, Host to, String fault, Object... options)
      throws PodkitException, IOException {
    Path said = Files.createTempFile("podkit-move-", ".err");
    List<Object> words = new ArrayList<>();
    // Whoever runs tests in the background has SIGINT ignored, and so have all their children.
    words.addAll(List.of("env", "--default-signal=INT"));
    // A file, so that it can be read while the command runs; exec, so that signals reach the
    // command.
    words.addAll(List.of("sh", "-c", "exec pod migrate \"$@\" 2>" + said, "move"));
    words.addAll(List.of(pod, to.address()));
    words.addAll(List.of(options));
    Command command = from.exec(words.toArray()).timeout(PATIENCE);
    if (!fault.isEmpty()) {
      command.env(FAULT, fault);
    }
    return new Move(command.start(), said);
  }

  /** Waits until it has come to the fault that it was started with. */
  public void awaitFault() throws IOException, InterruptedException {
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
      if (Files.readString(said).contains(FAULT_SEEN)) {
        return;
      }
      assertThat(process.isAlive())
          .as("still moving; it says: %s", Files.readString(said))
          .isTrue();
      Thread.sleep(10);
    }
    throw new AssertionError("the fault did not come");
  }

  public boolean isUnderWay() {
    return process.isAlive();
  }

  /** Sends it a signal, as a terminal would. */
  public void signal(String name) throws PodkitException {
    Command.of("kill", "-" + name, process.pid()).runOrThrow("cannot send " + name);
  }

  public End await() throws PodkitException, IOException {
    int status = process.finish().status().shellCode();
    return new End(status, Files.readString(said));
  }

  @Override
  public void close() throws IOException {
    process.close();
    Files.deleteIfExists(said);
  }
}
