package io.podkit.migrate.protocol;

import io.podkit.fs.api.LayerDigest;

/**
 * A layer that a pod stands on.
 *
 * @param digest its identity
 * @param size of its file, in bytes
 */
public record LayerNeed(LayerDigest digest, long size) {

  /** Refuses a negative size. */
  public LayerNeed {
    Checks.notNegative(size, "size of layer");
  }
}
