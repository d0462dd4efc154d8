package io.podkit.cli.json;

import io.podkit.migrate.api.MigrationEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What happens in a migration, a line each in the stream of {@code pod migrate -o json}. */
public sealed interface EventJson {
  /** What happened; the report, which is the last line, has no such member. */
  String event();

  /** When, in milliseconds since the migration began. */
  double atMs();

  /**
   * A phase began.
   *
   * @param phase see {@link MigrationJson.PhaseJson}
   */
  record PhaseStarted(int schemaVersion, String event, double atMs, String phase)
      implements EventJson {}

  /**
   * A phase ended.
   *
   * @param phase see {@link MigrationJson.PhaseJson}
   * @param ms how long it lasted
   * @param bytes bytes sent in it
   */
  record PhaseFinished(
      int schemaVersion, String event, double atMs, String phase, double ms, long bytes)
      implements EventJson {}

  /**
   * Bytes moved; at most ten times a second.
   *
   * @param phase see {@link MigrationJson.PhaseJson}
   * @param bytes bytes sent in it so far
   * @param expectedBytes how many it will be; null if nobody knows
   */
  record Progress(
      int schemaVersion,
      String event,
      double atMs,
      String phase,
      long bytes,
      @Nullable Long expectedBytes)
      implements EventJson {}

  /**
   * A round of memory ended.
   *
   * @param round what it did
   * @param expectedPauseMs how long the pod would stand still were it frozen now
   * @param timeLeftMs until it runs on the target; null if nobody can tell
   */
  record RoundFinished(
      int schemaVersion,
      String event,
      double atMs,
      RoundJson round,
      double expectedPauseMs,
      @Nullable Double timeLeftMs)
      implements EventJson {}

  /**
   * It was decided how to go on.
   *
   * @param decision see {@link MemoryJson.DecisionJson}
   * @param reason why
   */
  record Decided(int schemaVersion, String event, double atMs, String decision, String reason)
      implements EventJson {}

  /**
   * Something the user should know.
   *
   * @param message for people
   */
  record Notice(int schemaVersion, String event, double atMs, String message)
      implements EventJson {}

  /** The shape of that event. */
  static EventJson of(MigrationEvent event) {
    int version = Shapes.SCHEMA_VERSION;
    double at = Shapes.millis(event.at());
    if (event instanceof MigrationEvent.PhaseStarted e) {
      return new PhaseStarted(version, "phase_started", at, Shapes.name(e.phase()));
    } else if (event instanceof MigrationEvent.PhaseFinished e) {
      return new PhaseFinished(
          version,
          "phase_finished",
          at,
          Shapes.name(e.phase()),
          Shapes.millis(e.took()),
          e.bytes());
    } else if (event instanceof MigrationEvent.Progress e) {
      @Nullable Long expected = e.expected() <= 0 ? null : e.expected();
      return new Progress(version, "progress", at, Shapes.name(e.phase()), e.done(), expected);
    } else if (event instanceof MigrationEvent.RoundFinished e) {
      Duration left = e.estimate().timeLeft();
      return new RoundFinished(
          version,
          "round_finished",
          at,
          RoundJson.of(e.round()),
          Shapes.millis(e.estimate().expectedPause()),
          left == null ? null : Shapes.millis(left));
    } else if (event instanceof MigrationEvent.Decided e) {
      return new Decided(version, "decided", at, e.decision(), e.reason());
    } else if (event instanceof MigrationEvent.Notice e) {
      return new Notice(version, "notice", at, e.message());
    }
    throw new IllegalArgumentException("no JSON form for " + event.getClass().getSimpleName());
  }
}
