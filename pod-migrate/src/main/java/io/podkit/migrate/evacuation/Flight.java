package io.podkit.migrate.evacuation;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.Migration;
import io.podkit.migrate.api.MigrationReport;
import org.jspecify.annotations.Nullable;

/**
 * One pod on its way.
 *
 * @param pod which
 * @param target where it goes
 * @param migration what moves it
 */
record Flight(String pod, KnownHost target, Migration migration) {
  /**
   * The end of one: one of the two is null.
   *
   * @param flight which
   * @param report what it was like
   * @param failure why it did not come there, or not in order
   */
  record Landed(
      Flight flight, @Nullable MigrationReport report, @Nullable PodkitException failure) {}
}
