package io.podkit.migrate.engine;

import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodStatus;
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
   * @return RUNNING, FILLING, ABORTED or UNKNOWN if it is decided; another state while somebody
   *     works on it
   */
  public MigrationState outcome(MigrationId migration) throws PodkitException {
    Optional<JournalEntry> found = find(migration);
    if (found.isEmpty()) {
      return MigrationState.UNKNOWN;
    }
    return isFinal(found.get().state()) ? found.get().state() : decide(found.get(), migration);
  }

  /** Makes every migration final that nobody works on any more, and clears up after it. */
  void settleAll() throws PodkitException {
    for (JournalEntry entry : journal.list()) {
      if (entry.role() != JournalEntry.Role.TARGET) {
        continue;
      }
      if (!isFinal(entry.state())) {
        decide(entry, new MigrationId(entry.migration()));
      } else if (entry.state() == MigrationState.RUNNING) {
        // An agent died while the pod's memory was filled in. What fills it has all of it open.
        runtime.forgetMemory(entry.migration());
        runtime.arrivals().tidy(new PodName(entry.pod()));
      }
    }
  }

  private MigrationState decide(JournalEntry entry, MigrationId migration) throws PodkitException {
    Optional<PodStatus> kept;
    try {
      kept = runtime.arrivals().settle(new PodName(entry.pod()), entry.migration());
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.CONFLICT) {
        return entry.state(); // a live conversation holds the pod's lock
      }
      throw e;
    }
    // Until a moment ago somebody may have held the lock, and written more than was read before.
    JournalEntry last = find(migration).orElse(entry);
    if (isFinal(last.state())) {
      return last.state();
    }
    MigrationState decided = decide(last.state(), kept);
    if (decided != last.state()) {
      journal.write(last.in(decided, clock.instant()));
    }
    return decided;
  }

  /**
   * What a pod is that nobody receives any more.
   *
   * @param said what the journal said last
   * @param kept the pod that was let run; empty if it never was, or is not here any more
   */
  private static MigrationState decide(MigrationState said, Optional<PodStatus> kept) {
    // Once it has run here it is this host's, even if it was removed since.
    boolean ours =
        said == MigrationState.FILLING || (said == MigrationState.OWNED && kept.isPresent());
    if (!ours) {
      return MigrationState.ABORTED;
    }
    boolean lacks = kept.isPresent() && kept.get().remoteMemory() != null;
    return lacks ? MigrationState.FILLING : MigrationState.RUNNING;
  }

  private Optional<JournalEntry> find(MigrationId migration) throws PodkitException {
    return journal.find(migration.hex()).filter(entry -> entry.role() == JournalEntry.Role.TARGET);
  }

  private static boolean isFinal(MigrationState state) {
    return state == MigrationState.RUNNING || state == MigrationState.ABORTED;
  }
}
