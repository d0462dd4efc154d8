package io.podkit.core.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.launch.ProcessIdentities;
import io.podkit.core.store.InitProcess;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The notes that the hook leaves. Each is of one process and is written once, so those of processes
 * that are gone are removed by whoever finds them: nobody tells of a container's end. Thread-safe.
 */
final class ContainerNotes {
  private static final int SCHEMA_VERSION = 1;

  /** The hook gives up after half a second: what is unfinished then stays so. */
  private static final Duration UNFINISHED = Duration.ofMinutes(1);

  private final Path directory;
  private final ObjectMapper json;

  /**
   * @param directory where they are; need not be there
   */
  ContainerNotes(Path directory, ObjectMapper json) {
    this.directory = directory;
    this.json = json;
  }

  /** Those of containers that live, the oldest first. */
  List<ContainerNote> living() throws PodkitException {
    List<ContainerNote> living = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        read(file).ifPresent(living::add);
      }
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
      return List.of(); // no hook, or not called since the boot, or root's alone to see
    } catch (IOException e) {
      throw PodkitException.io("cannot list the containers that were noted in " + directory, e);
    }
    living.sort(Comparator.comparing(ContainerNote::noted).thenComparing(ContainerNote::id));
    return living;
  }

  private Optional<ContainerNote> read(Path file) throws PodkitException, IOException {
    try {
      Instant noted = Files.getLastModifiedTime(file).toInstant();
      if (file.getFileName().toString().startsWith(".")) {
        forget(file, noted.plus(UNFINISHED).isBefore(Instant.now()));
        return Optional.empty();
      }
      ContainerNote.@Nullable Written note = decode(Files.readAllBytes(file));
      if (note == null) {
        return Optional.empty(); // a stranger's, or a later version's
      }
      InitProcess init = new InitProcess(note.pid(), note.startTime(), note.bootId());
      if (!ProcessIdentities.isAlive(init)) {
        forget(file, true);
        return Optional.empty();
      }
      return Optional.of(new ContainerNote(note.id(), init, note.bundle(), noted));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // another command was faster
    }
  }

  private ContainerNote.@Nullable Written decode(byte[] bytes) {
    try {
      ContainerNote.@Nullable Written note = json.readValue(bytes, ContainerNote.Written.class);
      boolean good =
          note != null
              && note.schemaVersion() == SCHEMA_VERSION
              && note.id() != null
              && !note.id().isEmpty()
              && note.pid() > 0
              && note.bootId() != null;
      return good ? note : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  /** Nobody but root may remove them, and anybody else may look. */
  private static void forget(Path file, boolean over) {
    if (over) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // the next command tries again
      }
    }
  }
}
