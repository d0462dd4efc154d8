package io.podkit.migrate.engine;

import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.journal.JournalEntry;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import java.time.Clock;
import java.util.Optional;

/**
 * What became of migrations to this host: from the journal, and where a process died at its work,
 * from what it left.
 */
public final class TargetRecovery {
  private final PodRuntime runtime;
  private final Journal journal;
  private final Clock clock;

  /** The migrations to one host. */
  public TargetRecovery(PodRuntime runtime, Journal journal, Clock clock) {
    this.runtime = runtime;
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * The final word on one migration, made final now if nobody works on it any more. An unknown one
   * was never prepared here, so nobody can grant it later.
   *
   * @return RUNNING, ABORTED or UNKNOWN if it is decided; another state while somebody works on it
   */
  public MigrationState outcome(MigrationId migration) throws PodkitException {
    Optional<JournalEntry> found = journal.find(migration.hex());
    if (found.isEmpty() || found.get().role() != JournalEntry.Role.TARGET) {
      return MigrationState.UNKNOWN;
    }
    JournalEntry entry = found.get();
    if (entry.state() == MigrationState.RUNNING || entry.state() == MigrationState.ABORTED) {
      return entry.state();
    }
    try {
      boolean kept =
          runtime.arrivals().settle(new PodName(entry.pod()), entry.migration()).isPresent();
      boolean owned = kept && entry.state() == MigrationState.OWNED;
      MigrationState decided = owned ? MigrationState.RUNNING : MigrationState.ABORTED;
      journal.write(entry.in(decided, clock.instant()));
      return decided;
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.CONFLICT) {
        return entry.state(); // a live conversation holds the pod's lock
      }
      throw e;
    }
  }
}
