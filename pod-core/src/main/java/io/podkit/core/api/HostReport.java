package io.podkit.core.api;

import java.util.List;

/**
 * What this host can and cannot do.
 *
 * @param checks every probe, in the order it was made
 */
public record HostReport(List<HostCheck> checks) {
  public HostReport {
    checks = List.copyOf(checks);
  }

  public boolean canMigrate() {
    return checks.stream().noneMatch(check -> check.level() == HostCheck.Level.BLOCKS);
  }
}
