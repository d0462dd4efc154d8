package io.podkit.fs.api;

import java.util.List;

/**
 * What was found when a layer's file was read again.
 *
 * @param layer which
 * @param verdict how it is
 * @param size bytes of the file; 0 if it is missing
 * @param images those that need it, by name
 */
public record LayerCheck(LayerDigest layer, Verdict verdict, long size, List<ImageName> images) {

  /** How a layer is. */
  public enum Verdict {
    /** It has the digest that is its name. */
    GOOD,
    /** Its content is another. */
    DAMAGED,
    /** It is not on this host. */
    MISSING
  }

  /** Copies the list. */
  public LayerCheck {
    images = List.copyOf(images);
  }

  /** Whether pods can rely on it. */
  public boolean isGood() {
    return verdict == Verdict.GOOD;
  }
}
