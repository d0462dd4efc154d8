package io.podkit.core.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import io.podkit.process.ExitStatus;
import io.podkit.process.Subprocess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** podman, asked about one container and told what became of it. Thread-safe. */
public final class PodmanEngine {
  /** It waits for its own lock at most as long as a stop of another container takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Images go to disk at some hundred MB/s. */
  private static final Duration COPY = Duration.ofHours(1);

  /** What {@code podman container exists} ends with if there is none. */
  private static final ExitStatus NO_SUCH_CONTAINER = ExitStatus.exited(1);

  private final List<String> command;
  private final String container;

  /**
   * @param command the program and its global options
   * @param container its full id
   */
  public PodmanEngine(List<String> command, String container) {
    this.command = List.copyOf(command);
    this.container = container;
  }

  private Command call(Duration patience, Object... words) {
    List<Object> arguments = new ArrayList<>(command.subList(1, command.size()));
    arguments.addAll(Arrays.asList(words));
    return Command.of(command.get(0), arguments.toArray()).timeout(patience);
  }

  EngineWords inspect(ObjectMapper json) throws PodkitException {
    String what = "cannot ask podman about container " + container;
    CommandResult result = call(PATIENCE, "container", "inspect", container).runOrThrow(what);
    try {
      EngineWords words = EngineWords.parse(json.readTree(result.output()));
      if (words != null) {
        return words;
      }
    } catch (IOException e) {
      throw PodkitException.io(what, e);
    }
    throw PodkitException.of(ErrorKind.COMMAND, what + ": it answers something else");
  }

  /** Writes an image, with all its layers, into a file that is not there. */
  void save(String image, Path file) throws PodkitException {
    call(COPY, "image", "save", "--quiet", "--output", file, image)
        .runOrThrow("cannot have podman write image " + image);
  }

  /** As above, in a session of its own: who interrupts us at a terminal does not interrupt it. */
  private Command callApart(Object... words) {
    List<Object> arguments = new ArrayList<>(command);
    arguments.addAll(Arrays.asList(words));
    return Command.of("setsid", arguments.toArray()).timeout(PATIENCE);
  }

  /**
   * Begins to end the container by a signal that nothing survives, as its user would: so podman
   * does not start it again, whatever its restart policy. podman notes that only after the signal
   * is sent, so it must not be killed in between; and then it waits some seconds for the end, so
   * the caller, who may have to let go of the processes, cannot wait for it first.
   */
  public Subprocess beginKill() throws PodkitException {
    return callApart("container", "kill", container).start();
  }

  /** Ends it, or waits until podman has noted its end; no error if podman has removed it. */
  public void end() throws PodkitException {
    callApart("container", "stop", "--ignore", "--time", "0", container)
        .runOrThrow("cannot have podman end container " + container);
  }

  /** The state that podman has noted, such as {@code exited}; empty if podman has removed it. */
  public Optional<String> state() throws PodkitException {
    String what = "cannot ask podman about container " + container;
    CommandResult exists = call(PATIENCE, "container", "exists", container).run();
    if (exists.status().equals(NO_SUCH_CONTAINER)) {
      return Optional.empty();
    }
    return Optional.of(
        call(PATIENCE, "container", "inspect", "--format", "{{.State.Status}}", container)
            .runOrThrow(what)
            .stdout()
            .trim());
  }
}
