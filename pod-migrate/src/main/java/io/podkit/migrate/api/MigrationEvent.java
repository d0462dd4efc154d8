package io.podkit.migrate.api;

import java.time.Duration;

/** What happens in a migration, as it happens. */
public sealed interface MigrationEvent {
  /** When, since the migration began. */
  Duration at();

  /**
   * A phase began.
   *
   * @param at when, since the migration began
   * @param phase which
   */
  record PhaseStarted(Duration at, MigrationPhase phase) implements MigrationEvent {}

  /**
   * A phase ended well.
   *
   * @param at when, since the migration began
   * @param phase which
   * @param took how long it lasted
   * @param bytes bytes sent in it
   */
  record PhaseFinished(Duration at, MigrationPhase phase, Duration took, long bytes)
      implements MigrationEvent {}

  /**
   * Bytes moved in the running phase; comes at most ten times a second.
   *
   * @param at when, since the migration began
   * @param phase which
   * @param done bytes sent in it so far
   * @param expected bytes it is expected to send, 0 if nobody knows
   */
  record Progress(Duration at, MigrationPhase phase, long done, long expected)
      implements MigrationEvent {}

  /**
   * A round of {@link MigrationPhase#PRE_COPY} ended.
   *
   * @param at when, since the migration began
   * @param round what it did
   * @param estimate what is expected now
   */
  record RoundFinished(Duration at, MemoryRound round, Estimate estimate)
      implements MigrationEvent {}

  /**
   * It was decided how to go on.
   *
   * @param at when, since the migration began
   * @param decision what, see {@link MemoryReport.Decided}
   * @param reason why, in a sentence with numbers
   */
  record Decided(Duration at, String decision, String reason) implements MigrationEvent {}

  /**
   * Something the user should know that stops nothing.
   *
   * @param at when, since the migration began
   * @param message for people
   */
  record Notice(Duration at, String message) implements MigrationEvent {}
}
