package io.podkit.core.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.CheckpointReport;
import io.podkit.core.api.ContainerRef;
import io.podkit.core.api.PodName;
import io.podkit.core.launch.ProcessIdentities;
import io.podkit.core.store.InitProcess;
import io.podkit.criu.CriuBinary;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container's checkpoint, written by the engine that owns it, as an archive that {@code podman
 * container restore -i} takes: only so does the engine know what became of its container.
 */
public final class ContainerArchive {
  /** Memory and files go to disk at some hundred MB/s. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final ObjectMapper json;

  public ContainerArchive(ObjectMapper json) {
    this.json = json;
  }

  /**
   * Writes it; TCP connections and file locks go along.
   *
   * @param leaveRunning whether the container goes on afterwards; otherwise its engine sees it
   *     exited
   * @param file absolute; appears complete or not at all
   */
  public CheckpointReport write(AdoptedContainer adopted, boolean leaveRunning, @Nullable Path file)
      throws PodkitException {
    PodName name = adopted.record().name();
    if (file == null) {
      throw PodkitException.of(
          ErrorKind.USAGE,
          "cannot checkpoint container " + name + " in place: it is no pod",
          new Hint("name a file: pod checkpoint -o FILE " + name));
    }
    InitProcess init = Objects.requireNonNull(adopted.record().init(), "it lives");
    List<Object> words = new ArrayList<>(engine(adopted, init));
    Path part = file.resolveSibling(file.getFileName() + ".part");
    words.addAll(List.of("container", "checkpoint", "--export", part, "--print-stats"));
    words.addAll(List.of("--tcp-established", "--file-locks"));
    if (leaveRunning) {
      words.add("--leave-running");
    }
    words.add(adopted.container().id());
    long began = System.nanoTime();
    try {
      CommandResult result = call(words);
      if (!result.success()) {
        throw failure(name, init, result);
      }
      Duration total = Duration.ofNanos(System.nanoTime() - began);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      return new CheckpointReport(
          name, file, frozen(result.output(), json), total, Files.size(file));
    } catch (IOException e) {
      throw PodkitException.io("cannot write the checkpoint of container " + name, e);
    } finally {
      discard(part);
    }
  }

  private static List<String> engine(AdoptedContainer adopted, InitProcess init)
      throws PodkitException {
    ContainerRef container = adopted.container();
    try {
      Optional<List<String>> command = EngineCommand.of(init.pid());
      if (command.isEmpty()) {
        throw PodkitException.unsupported(
            "cannot checkpoint container "
                + adopted.record().name()
                + ": Podkit knows how to have that done by podman only, and not by "
                + container.engine(),
            new Hint("use the engine itself; the container's id is " + container.id()));
      }
      return command.get();
    } catch (IOException e) {
      throw PodkitException.io("cannot find out how " + container.engine() + " is called", e);
    }
  }

  /** The engine's runtime takes the first criu of its PATH: the one that works on this kernel. */
  private static CommandResult call(List<Object> words) throws PodkitException {
    Path criu = CriuBinary.find().criu().getParent();
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/sbin:/usr/bin");
    List<Object> arguments = words.subList(1, words.size());
    return Command.of(words.get(0), arguments.toArray())
        .env("PATH", criu + ":" + path)
        .timeout(PATIENCE)
        .run();
  }

  private static PodkitException failure(PodName name, InitProcess init, CommandResult result)
      throws PodkitException {
    String runs = ProcessIdentities.isAlive(init) ? "it runs on" : "it has ended";
    List<String> lines = result.stderr().lines().toList();
    String last = lines.isEmpty() ? "podman " + result.status() : lines.get(lines.size() - 1);
    return PodkitException.of(
        ErrorKind.CRIU, "cannot checkpoint container " + name + "; " + runs + ": " + last);
  }

  /** From what {@code --print-stats} prints, in microseconds; zero if it does not say. */
  static Duration frozen(byte[] printed, ObjectMapper json) {
    try {
      JsonNode container = json.readTree(printed).path("container_statistics").path(0);
      return Duration.of(
          container.path("criu_statistics").path("frozen_time").asLong(), ChronoUnit.MICROS);
    } catch (IOException e) {
      return Duration.ZERO;
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // an unfinished archive bears a name that says so
    }
  }
}
