package io.podkit.migrate.api;

import java.util.Locale;

/** How memory is packed for the wire. */
public enum Compression {
  /** By a probe, batch by batch: the link against the processors. */
  AUTO,
  NONE,
  /** Fast and light. */
  LZ4,
  /** Denser, for slow links. */
  ZSTD;

  /** The name people and reports see. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
