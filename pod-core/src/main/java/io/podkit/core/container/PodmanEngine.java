package io.podkit.core.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import io.podkit.process.Subprocess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** podman, asked about one container and told what became of it. Thread-safe. */
public final class PodmanEngine {
  /** It waits for its own lock at most as long as a stop of another container takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Images go to disk at some hundred MB/s. */
  private static final Duration COPY = Duration.ofHours(1);

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

  /**
   * Begins to end the container by a signal that nothing survives, as its user would: so podman
   * does not start it again, whatever its restart policy. To be finished by the caller, who may
   * have to let go of the processes first.
   */
  public Subprocess beginKill() throws PodkitException {
    return call(PATIENCE, "container", "kill", container).start();
  }

  /** Ends it, or waits until podman has noted its end; no error if podman has removed it. */
  public void end() throws PodkitException {
    call(PATIENCE, "container", "stop", "--ignore", "--time", "0", container)
        .runOrThrow("cannot have podman end container " + container);
  }
}
