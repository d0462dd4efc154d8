package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.core.api.RemoteMemory;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.journal.JournalEntry;
import io.podkit.migrate.journal.JournalEntry.Role;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose a pod is, by what the journal of its target said last and what is there of the pod. */
class TargetRecoveryTest {
  private static final Instant NOW = Instant.parse("2025-03-01T12:00:00Z");
  private static final MigrationId ID = new MigrationId("a".repeat(32));

  private final CrashedHost host = new CrashedHost();
  private final Journal journal;
  private final TargetRecovery recovery;

  TargetRecoveryTest(@TempDir Path directory) {
    journal =
        new Journal(
            directory.resolve("migrations"),
            JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build());
    recovery = new TargetRecovery(host, journal, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private void said(Role role, MigrationState state) throws Exception {
    journal.write(
        new JournalEntry(
            JournalEntry.SCHEMA_VERSION, ID.hex(), role, "web", "192.0.2.1", 0, state, NOW));
  }

  private MigrationState written() throws Exception {
    return journal.find(ID.hex()).orElseThrow().state();
  }

  private void isHere(PodState state, boolean lacksMemory) {
    host.remoteMemory = lacksMemory ? new RemoteMemory("hosta", false) : null;
    host.add("web", state, ID.hex());
  }

  /** Every word that is not final, with a pod that came to run, one that did not, and none. */
  @ParameterizedTest
  @CsvSource({
    "PREPARING, RUNNING, false, ABORTED",
    "PREPARING, ARRIVING, false, ABORTED",
    "PREPARING, , false, ABORTED",
    "HELD, ARRIVING, true, ABORTED",
    "HELD, , false, ABORTED",
    "OWNED, RUNNING, false, RUNNING",
    "OWNED, RUNNING, true, FILLING",
    "OWNED, ARRIVING, true, ABORTED",
    "OWNED, ARRIVING, false, ABORTED",
    "OWNED, , false, ABORTED",
    "FILLING, RUNNING, true, FILLING",
    "FILLING, RUNNING, false, RUNNING",
    "FILLING, ARRIVING, true, RUNNING",
    "FILLING, , false, RUNNING"
  })
  void outcome_followsFromTheLastWordAndThePod(
      MigrationState said, PodState pod, boolean lacksMemory, MigrationState expected)
      throws Exception {
    said(Role.TARGET, said);
    if (pod != null) {
      isHere(pod, lacksMemory);
    }
    assertThat(recovery.outcome(ID)).isEqualTo(expected);
    assertThat(written()).isEqualTo(expected);
    assertThat(recovery.outcome(ID)).as("asked again").isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"PREPARING", "HELD", "OWNED", "FILLING"})
  void outcome_ofWhatSomebodyWorksOn_isWhatHeSaidLast(MigrationState said) throws Exception {
    said(Role.TARGET, said);
    isHere(PodState.RUNNING, false);
    host.busy.add(new PodName("web"));
    assertThat(recovery.outcome(ID)).isEqualTo(said);
    assertThat(written()).isEqualTo(said);
  }

  @Test
  void outcome_ofWhatLeftFromHere_isUnknown() throws Exception {
    said(Role.SOURCE, MigrationState.OWNED);
    assertThat(recovery.outcome(ID)).isEqualTo(MigrationState.UNKNOWN);
    assertThat(host.steps).isEmpty();
  }

  @Test
  void settleAll_keepsMemoryThatAPodStillWaitsIn() throws Exception {
    said(Role.TARGET, MigrationState.FILLING);
    isHere(PodState.RUNNING, true);
    recovery.settleAll();
    assertThat(host.steps).containsExactly("settle web");
    assertThat(written()).isEqualTo(MigrationState.FILLING);
  }

  @Test
  void settleAll_forgetsTheMemoryOfAPodThatHasAllOfIt() throws Exception {
    said(Role.TARGET, MigrationState.RUNNING);
    isHere(PodState.RUNNING, false);
    recovery.settleAll();
    assertThat(host.steps).containsExactly("forget " + ID.hex(), "tidy web");
  }
}
