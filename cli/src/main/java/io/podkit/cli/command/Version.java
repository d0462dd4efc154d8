package io.podkit.cli.command;

import java.util.Objects;

/** Which podkit this is. */
public final class Version {
  private Version() {}

  /** The version in the jar's manifest, or {@code development} when run from class files. */
  public static String podkit() {
    String version = Version.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(version, "development");
  }
}
