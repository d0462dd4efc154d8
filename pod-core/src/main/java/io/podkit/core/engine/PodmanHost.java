package io.podkit.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The podman that containers come to. Which of a host's stores that is, an operator says in {@code
 * podman.json} in the root directory: {@code {"command": ["podman", "--root", "/srv/containers"]}};
 * without that file it is root's own. Thread-safe.
 */
public final class PodmanHost {
  /** The label by which a container is found again, whatever it is called. */
  static final String LABEL = "io.podkit.migration";

  private static final String FILE = "podman.json";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> command;

  private PodmanHost(List<String> command) {
    this.command = List.copyOf(command);
  }

  private record Settings(List<String> command) {}

  /** The one of that host; it need not be there. */
  public static PodmanHost of(HostDirs dirs, ObjectMapper json) throws PodkitException {
    Path file = dirs.root().resolve(FILE);
    if (!Files.exists(file)) {
      return new PodmanHost(List.of("podman"));
    }
    try {
      Settings settings = json.readValue(Files.readAllBytes(file), Settings.class);
      if (settings != null && !settings.command().isEmpty()) {
        return new PodmanHost(settings.command());
      }
    } catch (IOException e) {
      throw unusable(file, String.valueOf(e.getMessage()));
    }
    throw unusable(file, "it names no command");
  }

  private static PodkitException unusable(Path file, String why) {
    return PodkitException.of(
        ErrorKind.USAGE,
        "cannot use " + file + ": " + why,
        new Hint("it needs command: the program podman and its global options"));
  }

  /** Called with these words, to be run by the caller. */
  Command call(Object... words) {
    List<Object> arguments = new ArrayList<>(command.subList(1, command.size()));
    arguments.addAll(Arrays.asList(words));
    return Command.of(command.get(0), arguments.toArray()).timeout(PATIENCE);
  }

  /** As {@link #call}, with another CRIU than the one of its PATH. */
  Command callWith(Path criu, Object... words) {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/sbin:/usr/bin");
    return call(words).env("PATH", criu + ":" + path);
  }

  /**
   * Its version.
   *
   * @throws PodkitException NOT_FOUND if there is no podman
   */
  String version() throws PodkitException {
    return call("version", "--format", "{{.Client.Version}}")
        .runOrThrow("cannot ask podman for its version")
        .stdout()
        .strip();
  }

  /** The name of the runtime that it starts containers with. */
  String runtime() throws PodkitException {
    return call("info", "--format", "{{.Host.OCIRuntime.Name}}")
        .runOrThrow("cannot ask podman for its runtime")
        .stdout()
        .strip();
  }

  boolean hasImage(String id) throws PodkitException {
    return call("image", "exists", id).run().success();
  }

  boolean hasContainer(PodName name) throws PodkitException {
    return call("container", "exists", name).run().success();
  }

  /** Ids of the containers that a migration made here. */
  public List<String> of(String migration) throws PodkitException {
    return call(
            "ps", "--all", "--quiet", "--no-trunc", "--filter", "label=" + LABEL + "=" + migration)
        .runOrThrow("cannot ask podman for its containers")
        .lines();
  }

  /** Whether that container runs, or has run and ended. */
  public boolean hasRun(String id, ObjectMapper json) throws PodkitException {
    CommandResult result =
        call("container", "inspect", id).runOrThrow("cannot ask podman about container " + id);
    try {
      JsonNode state = json.readTree(result.output()).path(0).path("State");
      return state.path("Running").asBoolean() || state.path("Status").asText().equals("exited");
    } catch (IOException e) {
      throw PodkitException.io("cannot understand podman", e);
    }
  }

  /** Removes one that never ran; no error if it is gone. */
  void remove(String id) throws PodkitException {
    call("container", "rm", "--force", "--ignore", "--time", "0", id)
        .runOrThrow("cannot remove container " + id);
  }
}
