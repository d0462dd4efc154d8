package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.api.Recovery.Action;
import io.podkit.migrate.api.Recovery.Owner;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.journal.JournalEntry;
import io.podkit.migrate.journal.JournalEntry.Role;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.AgentAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of each pod that a crash left, from its record and the journal. */
class CrashRecoveryTest {
  private static final Instant NOW = Instant.parse("2025-03-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final String ID = "a".repeat(32);
  private static final PodName WEB = new PodName("web");

  @TempDir Path directory;
  private final CrashedHost host = new CrashedHost();
  private final List<AgentAddress> asked = new ArrayList<>();
  private Journal journal;
  private CrashRecovery recovery;

  /** What the other host says; null: it cannot be reached. */
  private @Nullable MigrationState answer;

  @BeforeEach
  void open() {
    journal =
        new Journal(
            directory.resolve("migrations"),
            JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build());
    recovery =
        new CrashRecovery(
            host,
            journal,
            new TargetRecovery(host, journal, CLOCK),
            (agent, migration) -> {
              asked.add(agent);
              if (answer == null) {
                throw PodkitException.peer("nobody there", null);
              }
              return answer;
            },
            (migration, processes) -> {
              throw new AssertionError("nobody lends by itself");
            },
            Duration.ZERO,
            CLOCK);
  }

  @Test
  void leaving_runsOnWithoutAskingAnybody() throws Exception {
    host.add("web", PodState.LEAVING, ID);
    assertThat(only(recovery.recover(null, null)).action()).isEqualTo(Action.RESUMED);
    assertThat(host.steps).containsExactly("forget from-" + ID, "close");
    assertThat(asked).isEmpty();
  }

  @Test
  void inDoubt_isReleasedWhenTheTargetRunsIt() throws Exception {
    inDoubtSince(NOW);
    answer = MigrationState.RUNNING;
    assertThat(only(recovery.recover(WEB, null)).action()).isEqualTo(Action.RELEASED);
    assertThat(host.steps).containsExactly("release", "forget from-" + ID, "close");
    assertThat(asked).containsExactly(new AgentAddress("192.0.2.2", 7617, null));
  }

  @ParameterizedTest
  @EnumSource(names = {"ABORTED", "UNKNOWN"})
  void inDoubt_isTakenBackWhenTheTargetNeverWill(MigrationState never) throws Exception {
    inDoubtSince(NOW);
    answer = never;
    assertThat(only(recovery.recover(WEB, null)).action()).isEqualTo(Action.RESUMED);
    assertThat(host.steps).containsExactly("take back", "forget from-" + ID, "close");
  }

  @Test
  void inDoubt_servesWhenTheTargetRunsItAndWantsItsMemory() throws Exception {
    inDoubtSince(NOW);
    answer = MigrationState.FILLING;
    assertThat(only(recovery.recover(WEB, null)).action()).isEqualTo(Action.SERVING);
    assertThat(host.steps).contains("serve").doesNotContain("release", "take back");
  }

  @Test
  void serving_isReleasedWhenTheTargetHasAllOfIt() throws Exception {
    since(PodState.SERVING, NOW);
    answer = MigrationState.RUNNING;
    assertThat(only(recovery.recover(WEB, null)).action()).isEqualTo(Action.RELEASED);
    assertThat(host.steps).contains("release");
  }

  @ParameterizedTest
  @EnumSource(names = {"ABORTED", "UNKNOWN"})
  void serving_isNeverTakenBackBecauseTheTargetHasForgottenIt(MigrationState lost)
      throws Exception {
    since(PodState.SERVING, NOW);
    answer = lost;
    Recovery.Outcome outcome = only(recovery.recover(WEB, null));
    assertThat(outcome.action()).isEqualTo(Action.STILL_IN_DOUBT);
    assertThat(outcome.detail()).contains("ran there", lost.name());
    assertThat(host.steps).doesNotContain("release", "take back");
  }

  @Test
  void serving_staysSoWhileTheTargetIsSilent() throws Exception {
    since(PodState.SERVING, NOW);
    assertThat(only(recovery.recover(WEB, null)).action()).isEqualTo(Action.STILL_IN_DOUBT);
    assertThat(host.steps).doesNotContain("release", "take back");
  }

  @Test
  void serving_isTakenBackOnlyByAnOperatorWhoSaysSo() throws Exception {
    since(PodState.SERVING, NOW);
    assertThat(only(recovery.recover(WEB, Owner.SOURCE)).action()).isEqualTo(Action.RESUMED);
    assertThat(host.steps).contains("take back");
  }

  @Test
  void serving_cannotBeAssumedToBeTheTargets() throws Exception {
    since(PodState.SERVING, NOW);
    assertThatThrownBy(() -> recovery.recover(WEB, Owner.TARGET))
        .hasMessageContaining("cannot do without what is here");
    assertThat(host.steps).doesNotContain("release", "take back");
  }

  @Test
  void serve_isForPodsThatAnotherHostWaitsFor() throws Exception {
    inDoubtSince(NOW);
    assertThatThrownBy(() -> recovery.serve(WEB)).hasMessageContaining("nobody waits for memory");
    assertThat(host.steps).containsExactly("close");
  }

  @Test
  void inDoubt_staysSoWhileTheTargetIsSilent() throws Exception {
    inDoubtSince(NOW);
    Recovery.Outcome outcome = only(recovery.recover(WEB, null));
    assertThat(outcome.action()).isEqualTo(Action.STILL_IN_DOUBT);
    assertThat(outcome.detail()).contains("nobody there");
    assertThat(host.steps).doesNotContain("release", "take back");
  }

  @Test
  void inDoubt_staysSoWhenTheTargetMayHaveForgotten() throws Exception {
    inDoubtSince(NOW.minus(Duration.ofDays(28)));
    answer = MigrationState.UNKNOWN;
    Recovery.Outcome outcome = only(recovery.recover(WEB, null));
    assertThat(outcome.action()).isEqualTo(Action.STILL_IN_DOUBT);
    assertThat(outcome.detail()).contains("may have forgotten");
    assertThat(host.steps).doesNotContain("release", "take back");
  }

  @Test
  void inDoubt_staysSoWithoutAJournalEntry() throws Exception {
    host.add("web", PodState.IN_DOUBT, ID);
    assertThat(only(recovery.recover(WEB, null)).action()).isEqualTo(Action.STILL_IN_DOUBT);
    assertThat(asked).isEmpty();
  }

  @Test
  void assume_decidesWithoutAskingEvenWithoutAJournalEntry() throws Exception {
    host.add("web", PodState.IN_DOUBT, ID);
    assertThat(only(recovery.recover(WEB, Owner.SOURCE)).action()).isEqualTo(Action.RESUMED);
    assertThat(only(recovery.recover(WEB, Owner.TARGET)).action()).isEqualTo(Action.RELEASED);
    assertThat(asked).isEmpty();
  }

  @Test
  void assume_doesNotTouchAPodThatWasNeverGranted() throws Exception {
    host.add("web", PodState.LEAVING, ID);
    assertThat(only(recovery.recover(WEB, Owner.TARGET)).action()).isEqualTo(Action.RESUMED);
    assertThat(host.steps).doesNotContain("release");
  }

  @Test
  void arriving_isRemovedAndRememberedAsAborted() throws Exception {
    host.add("web", PodState.ARRIVING, ID);
    journal.write(entry(ID, Role.TARGET, MigrationState.PREPARING, NOW));
    assertThat(only(recovery.recover(null, null)).action()).isEqualTo(Action.REMOVED);
    assertThat(journal.find(ID).orElseThrow().state()).isEqualTo(MigrationState.ABORTED);
    assertThat(host.steps).contains("settle web");
  }

  @Test
  void owned_isRunningIfThePodWasLetRun() throws Exception {
    host.add("web", PodState.RUNNING, null);
    journal.write(entry(ID, Role.TARGET, MigrationState.OWNED, NOW));
    recovery.recover(null, null);
    assertThat(journal.find(ID).orElseThrow().state()).isEqualTo(MigrationState.RUNNING);
  }

  @Test
  void owned_isAbortedIfThePodWasNotLetRun() throws Exception {
    host.add("web", PodState.ARRIVING, ID);
    journal.write(entry(ID, Role.TARGET, MigrationState.OWNED, NOW));
    recovery.recover(null, null);
    assertThat(journal.find(ID).orElseThrow().state()).isEqualTo(MigrationState.ABORTED);
  }

  @Test
  void busy_isLeftToWhoeverIsAtWork() throws Exception {
    host.add("web", PodState.LEAVING, ID);
    host.add("db", PodState.ARRIVING, "b".repeat(32));
    journal.write(entry("b".repeat(32), Role.TARGET, MigrationState.HELD, NOW));
    host.busy.addAll(List.of(WEB, new PodName("db")));
    assertThat(recovery.recover(null, null))
        .extracting(Recovery.Outcome::action)
        .containsExactly(Action.BUSY, Action.BUSY);
    assertThat(host.steps).isEmpty();
  }

  @Test
  void finishedMeanwhile_isNothingToRecover() throws Exception {
    host.add("web", PodState.LEAVING, ID);
    host.finished.add(WEB);
    assertThat(recovery.recover(WEB, null)).isEmpty();
    assertThat(host.steps).isEmpty();
  }

  @Test
  void recover_looksAtTheOthersWhenOneFails() throws Exception {
    host.add("broken", PodState.LEAVING, null); // no record is ever like this
    host.add("web", PodState.LEAVING, ID);
    assertThatThrownBy(() -> recovery.recover(null, null)).hasMessageContaining("broken");
    assertThat(host.steps).contains("forget from-" + ID);
  }

  @Test
  void recover_leavesPodsAloneThatAreInNoMigration() throws Exception {
    host.add("web", PodState.RUNNING, null);
    host.add("db", PodState.EXITED, null);
    assertThat(recovery.recover(null, null)).isEmpty();
    assertThat(host.steps).isEmpty();
  }

  @Test
  void recover_forgetsMigrationsOfLongAgoButNotOneInDoubt() throws Exception {
    Instant longAgo = NOW.minus(Duration.ofDays(300));
    inDoubtSince(longAgo);
    journal.write(entry("b".repeat(32), Role.TARGET, MigrationState.RUNNING, longAgo));
    journal.write(entry("c".repeat(32), Role.TARGET, MigrationState.RUNNING, NOW));
    recovery.recover(null, null);
    assertThat(journal.list())
        .extracting(JournalEntry::migration)
        .containsExactlyInAnyOrder(ID, "c".repeat(32));
  }

  private void inDoubtSince(Instant since) throws Exception {
    since(PodState.IN_DOUBT, since);
  }

  private void since(PodState state, Instant since) throws Exception {
    host.add("web", state, ID);
    journal.write(entry(ID, Role.SOURCE, MigrationState.OWNED, since));
  }

  private static JournalEntry entry(String id, Role role, MigrationState state, Instant updated) {
    return new JournalEntry(
        JournalEntry.SCHEMA_VERSION, id, role, "web", "192.0.2.2", 7617, state, updated);
  }

  private static Recovery.Outcome only(List<Recovery.Outcome> outcomes) {
    assertThat(outcomes).hasSize(1);
    return outcomes.get(0);
  }
}
