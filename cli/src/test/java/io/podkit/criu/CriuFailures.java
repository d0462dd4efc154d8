package io.podkit.criu;

import java.nio.file.Path;

/** Makes failures as only this package can, for tests of how they are shown. */
public final class CriuFailures {
  private CriuFailures() {}

  public static CriuException from(Path log) {
    return CriuException.of("CRIU dump failed", log, log.resolveSibling("none"));
  }
}
