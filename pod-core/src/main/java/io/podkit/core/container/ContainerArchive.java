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

  private static final int TRIES = 3;

  /** What podman would refuse otherwise, written and brought back. */
  private static final List<String> CARRIED = List.of("--tcp-established", "--file-locks");

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
    if (Files.isDirectory(file)) {
      throw PodkitException.of(
          ErrorKind.USAGE,
          "cannot write the checkpoint of container " + name + ": " + file + " is a directory",
          new Hint("name a file in it: " + file.resolve(name + ".tar")));
    }
    InitProcess init = Objects.requireNonNull(adopted.record().init(), "it lives");
    List<String> engine = engine(adopted, init);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    long began = System.nanoTime();
    try {
      // Podman ends the container before it finds that it cannot write the archive.
      Files.write(part, new byte[0]);
      CommandResult result;
      try {
        result = dump(engine, adopted.container(), leaveRunning, part);
      } catch (PodkitException e) { // it took too long, perhaps after podman had ended it
        throw failure(engine, adopted, init, part, e.what());
      }
      if (!result.success()) {
        throw failure(engine, adopted, init, part, lastLine(result));
      }
      Duration total = Duration.ofNanos(System.nanoTime() - began);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      return new CheckpointReport(
          name, file, frozen(result.output(), json), total, Files.size(file));
    } catch (IOException e) {
      throw PodkitException.io("cannot write the checkpoint of container " + name, e);
    }
  }

  private static CommandResult dump(
      List<String> engine, ContainerRef container, boolean leaveRunning, Path file)
      throws PodkitException {
    List<Object> words = new ArrayList<>(List.of("checkpoint", "--export", file, "--print-stats"));
    words.addAll(CARRIED);
    if (leaveRunning) {
      words.add("--leave-running");
    }
    words.add(container.id());
    return call(engine, words);
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
  private static CommandResult call(List<String> engine, List<Object> words)
      throws PodkitException {
    Path criu = CriuBinary.find().criu().getParent();
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/sbin:/usr/bin");
    List<Object> arguments = new ArrayList<>(engine.subList(1, engine.size()));
    arguments.add("container");
    arguments.addAll(words);
    return Command.of(engine.get(0), arguments.toArray())
        .env("PATH", criu + ":" + path)
        .timeout(PATIENCE)
        .run();
  }

  /** Brings back what podman ended and could not write: it has all that takes in its storage. */
  private static PodkitException failure(
      List<String> engine, AdoptedContainer adopted, InitProcess init, Path part, String why)
      throws PodkitException, IOException {
    PodkitException failure = bringBack(engine, adopted, init, why);
    Files.deleteIfExists(part);
    return failure;
  }

  private static PodkitException bringBack(
      List<String> engine, AdoptedContainer adopted, InitProcess init, String why)
      throws PodkitException {
    PodName name = adopted.record().name();
    if (ProcessIdentities.isAlive(init)) {
      return PodkitException.of(
          ErrorKind.CRIU, "cannot checkpoint container " + name + "; it runs on: " + why);
    }
    String id = adopted.container().id();
    List<Object> words = new ArrayList<>(List.of("restore"));
    words.addAll(CARRIED);
    words.add(id);
    CommandResult restored = call(engine, words);
    for (int i = 1; i < TRIES && !restored.success(); i++) {
      pause(); // its monitor may still be at the container's end
      restored = call(engine, words);
    }
    if (restored.success()) {
      return PodkitException.of(
          ErrorKind.CRIU,
          "cannot checkpoint container "
              + name
              + "; podman had ended it, and it was brought back: "
              + why);
    }
    return PodkitException.of(
        ErrorKind.COMMAND,
        "cannot checkpoint container "
            + name
            + "; podman has ended it, and cannot bring it back: "
            + lastLine(restored),
        new Hint("podman has its state: podman container restore --keep --tcp-established " + id));
  }

  private static void pause() throws PodkitException {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while a container is brought back");
    }
  }

  private static String lastLine(CommandResult result) {
    List<String> lines = result.stderr().lines().toList();
    return lines.isEmpty() ? "podman " + result.status() : lines.get(lines.size() - 1);
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
}
