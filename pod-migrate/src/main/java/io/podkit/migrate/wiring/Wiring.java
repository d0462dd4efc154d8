package io.podkit.migrate.wiring;

import io.podkit.migrate.api.Pki;
import io.podkit.migrate.pki.HostPki;
import java.nio.file.Path;
import java.time.Clock;

/** Puts the parts of this module together. */
public final class Wiring {

  private Wiring() {}

  /** The keys behind {@link Pki#open}. */
  public static Pki pki(Path root) {
    return new HostPki(root.resolve("pki"), Clock.systemUTC());
  }
}
