package io.podkit.migrate.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.MigrationState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Instant NOW = Instant.parse("2025-03-01T12:00:00Z");
  private static final String ONE = "1".repeat(32);
  private static final String TWO = "2".repeat(32);

  @TempDir Path parent;
  private Path directory;
  private Journal journal;

  @BeforeEach
  void open() {
    directory = parent.resolve("migrations");
    journal =
        new Journal(
            directory,
            JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build());
  }

  @Test
  void find_knowsNothingBeforeTheFirstEntry() throws Exception {
    assertThat(journal.find(ONE)).isEmpty();
    assertThat(journal.list()).isEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void write_replacesWhatWasKnown() throws Exception {
    JournalEntry entry = entry(ONE, NOW);
    journal.write(entry);
    JournalEntry later = entry.in(MigrationState.RUNNING, NOW.plusSeconds(1));
    journal.write(later);
    assertThat(journal.find(ONE)).contains(later);
    assertThat(journal.list()).containsExactly(later);
  }

  @Test
  void list_passesOverWhatACrashLeftHalfWritten() throws Exception {
    journal.write(entry(ONE, NOW));
    Files.writeString(directory.resolve(TWO + ".json.new"), "{");
    assertThat(journal.list()).extracting(JournalEntry::migration).containsExactly(ONE);
  }

  @Test
  void find_saysOfWhichMigrationItCannotReadAnything() throws Exception {
    Files.createDirectory(directory);
    Files.writeString(directory.resolve(ONE + ".json"), "not JSON");
    assertThatThrownBy(() -> journal.find(ONE))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining(ONE);
  }

  @Test
  void find_refusesANameThatLeadsElsewhere() {
    assertThatThrownBy(() -> journal.find("../../etc/passwd"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void prune_forgetsOnlyWhatEndedLongAgo() throws Exception {
    journal.write(entry(ONE, NOW.minus(Journal.KEPT).minusSeconds(1)));
    journal.write(entry(TWO, NOW.minus(Journal.KEPT)));
    journal.prune(NOW, Set.of());
    assertThat(journal.list()).extracting(JournalEntry::migration).containsExactly(TWO);
  }

  @Test
  void prune_keepsTheMigrationThatAPodIsStillIn() throws Exception {
    journal.write(entry(ONE, NOW.minus(Duration.ofDays(400))));
    journal.prune(NOW, Set.of(ONE));
    assertThat(journal.find(ONE)).isPresent();
  }

  @Test
  void mayBeForgotten_longBeforeTheOtherHostPrunes() {
    assertThat(Journal.TRUSTED).isLessThan(Journal.KEPT.minusDays(1));
    JournalEntry entry = entry(ONE, NOW);
    assertThat(Journal.mayBeForgotten(entry, NOW.plus(Journal.TRUSTED))).isFalse();
    assertThat(Journal.mayBeForgotten(entry, NOW.plus(Journal.TRUSTED).plusMillis(1))).isTrue();
  }

  private static JournalEntry entry(String migration, Instant updated) {
    return new JournalEntry(
        JournalEntry.SCHEMA_VERSION,
        migration,
        JournalEntry.Role.SOURCE,
        "web",
        "192.0.2.2",
        7617,
        MigrationState.PREPARING,
        updated);
  }
}
