package io.podkit.migrate.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The migrations of one host, one file each, kept long after their end so that a peer in doubt can
 * still ask. Thread-safe for different migrations; one migration has one writer.
 */
public final class Journal {
  /** A peer that has not asked for so long never will. */
  static final Duration KEPT = Duration.ofDays(30);

  private final Path directory;
  private final ObjectMapper json;

  /**
   * The journal in one directory.
   *
   * @param directory made when the first entry is written
   * @param json a mapper that writes times in ISO form
   */
  public Journal(Path directory, ObjectMapper json) {
    this.directory = directory;
    this.json = json;
  }

  /** Makes {@code entry} what this host, and a crash, knows from now on. */
  public synchronized void write(JournalEntry entry) throws PodkitException {
    try {
      DurableFile.write(file(entry.migration()), json.writeValueAsBytes(entry));
    } catch (IOException e) {
      throw PodkitException.io("cannot write down migration " + entry.migration(), e);
    }
  }

  public Optional<JournalEntry> find(String migration) throws PodkitException {
    Path file = file(migration);
    try {
      return Optional.of(json.readValue(Files.readAllBytes(file), JournalEntry.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw PodkitException.io("cannot read what is known of migration " + migration, e);
    }
  }

  /** Removes entries that nobody will ask for any more. */
  public void prune(Instant now) throws PodkitException {
    for (JournalEntry entry : list()) {
      if (entry.updated().plus(KEPT).isBefore(now)) {
        try {
          DurableFile.delete(file(entry.migration()));
        } catch (IOException e) {
          throw PodkitException.io("cannot forget migration " + entry.migration(), e);
        }
      }
    }
  }

  /** Every migration that is known here, in no order. */
  public List<JournalEntry> list() throws PodkitException {
    List<JournalEntry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        find(file.getFileName().toString().replaceFirst("\\.json$", "")).ifPresent(entries::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw PodkitException.io("cannot list the migrations of this host", e);
    }
    return entries;
  }

  /** A migration id is a file name only because its type says so. */
  private Path file(String migration) {
    return directory.resolve(new MigrationId(migration).hex() + ".json");
  }
}
