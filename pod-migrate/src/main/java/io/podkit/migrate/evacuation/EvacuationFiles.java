package io.podkit.migrate.evacuation;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.resource.DurableFile;
import io.podkit.resource.HostLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The evacuation of one host on disk: what was ordered, how far it is, whether it is to end. All
 * that a crash must not lose is in {@code root}; phases and rounds, which change several times a
 * second, are in {@code run} only.
 *
 * <p>Who holds {@link #tryWork} is at it; everybody may read.
 */
final class EvacuationFiles {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Who only looks whether somebody is at it holds the right for a moment. */
  private static final Duration BRIEF = Duration.ofSeconds(5);

  private final Path directory;
  private final Path progress;
  private final ObjectMapper json;

  EvacuationFiles(HostDirs dirs, ObjectMapper json) {
    directory = dirs.root().resolve("evacuation");
    progress = dirs.run().resolve("evacuation.json");
    this.json = json;
  }

  /** The right to move pods for it, or null if another process has it. */
  @Nullable HostLock tryWork() throws PodkitException {
    return HostLock.tryTake(directory.resolve("work.lock"));
  }

  /**
   * The right to move pods for it.
   *
   * @throws PodkitException CONFLICT if another process has it
   */
  HostLock work() throws PodkitException {
    return HostLock.take(directory.resolve("work.lock"), BRIEF, "move the pods of this host away");
  }

  /** The right to begin one. */
  HostLock begin() throws PodkitException {
    return HostLock.take(
        directory.resolve("begin.lock"), PATIENCE, "begin the evacuation of this host");
  }

  /** Where the process that works writes what has no other place. */
  Path log() {
    return directory.resolve("work.log");
  }

  Optional<EvacuationOrder> order() throws PodkitException {
    return read(directory.resolve("order.json"), EvacuationOrder.class);
  }

  /** Writes down a new evacuation, durably. */
  void write(EvacuationOrder order, EvacuationStatus status) throws PodkitException {
    try {
      DurableFile.delete(cancelFile());
      Files.deleteIfExists(progress);
      write(directory.resolve("order.json"), order);
    } catch (IOException e) {
      throw failed(e);
    }
    write(status);
  }

  /** Writes down how far it is, durably. */
  void write(EvacuationStatus status) throws PodkitException {
    try {
      write(directory.resolve("status.json"), status);
      Files.deleteIfExists(progress);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void write(Path file, Object content) throws IOException {
    DurableFile.write(file, json.writeValueAsBytes(content));
  }

  /** Writes down how far it is, for those who watch. */
  void show(EvacuationStatus status) throws PodkitException {
    try {
      Files.createDirectories(Objects.requireNonNull(progress.getParent(), "run directory"));
      Path fresh = progress.resolveSibling(progress.getFileName() + ".new");
      Files.write(fresh, json.writeValueAsBytes(status));
      Files.move(fresh, progress, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** What was last written down durably. */
  Optional<EvacuationStatus> status() throws PodkitException {
    return read(directory.resolve("status.json"), EvacuationStatus.class);
  }

  /** What was last shown, if that is newer than what was written down. */
  Optional<EvacuationStatus> shown() throws PodkitException {
    return read(progress, EvacuationStatus.class);
  }

  void cancel() throws PodkitException {
    try {
      DurableFile.write(cancelFile(), new byte[0]);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  boolean isCancelled() {
    return Files.exists(cancelFile());
  }

  private Path cancelFile() {
    return directory.resolve("cancel");
  }

  private <T> Optional<T> read(Path file, Class<T> type) throws PodkitException {
    try {
      return Optional.of(json.readValue(Files.readAllBytes(file), type));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw PodkitException.io("cannot read " + file, e);
    }
  }

  private PodkitException failed(IOException e) {
    return PodkitException.io("cannot write down the evacuation in " + directory, e);
  }
}
