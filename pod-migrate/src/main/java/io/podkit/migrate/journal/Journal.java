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
import java.util.Set;

/**
 * The migrations of one host, one file each, kept long after their end so that a peer in doubt can
 * still ask. Thread-safe for different migrations; one migration has one writer.
 */
public final class Journal {
  /** How long an end is remembered for a peer that may still ask. */
  static final Duration KEPT = Duration.ofDays(30);

  /** Beyond it a peer that knows nothing of a migration may have forgotten it; clocks differ. */
  static final Duration TRUSTED = KEPT.minusDays(5);

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

  /**
   * Whether the other host of that migration may have forgotten it by now: its "unknown" then does
   * not mean "never" any more.
   */
  public static boolean mayBeForgotten(JournalEntry entry, Instant now) {
    return entry.updated().plus(TRUSTED).isBefore(now);
  }

  /**
   * Forgets what ended long ago.
   *
   * @param inUse migrations that a pod of this host is still in; they are kept
   */
  public void prune(Instant now, Set<String> inUse) throws PodkitException {
    for (JournalEntry entry : list()) {
      if (entry.updated().plus(KEPT).isBefore(now) && !inUse.contains(entry.migration())) {
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
