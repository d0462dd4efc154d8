package io.podkit.cli.json;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.HostReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code pod doctor}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param canMigrate whether pods can be migrated from and to this host
 * @param checks every probe, in the order it was made
 */
public record DoctorJson(int schemaVersion, boolean canMigrate, List<Check> checks) {

  /**
   * One probe.
   *
   * @param subject what was looked at
   * @param level ok, note or blocks
   * @param finding what was found
   * @param cure what to do about it
   */
  public record Check(String subject, String level, String finding, @Nullable String cure) {
    static Check of(HostCheck check) {
      return new Check(check.subject(), Shapes.name(check.level()), check.finding(), check.cure());
    }
  }

  public static DoctorJson of(HostReport report) {
    return new DoctorJson(
        Shapes.SCHEMA_VERSION,
        report.canMigrate(),
        report.checks().stream().map(Check::of).toList());
  }
}
