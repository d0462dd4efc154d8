package io.podkit.core.api;

/**
 * What is to become of a volume when its pod moves.
 *
 * @param offer the volume
 * @param kind what happens to it
 * @param reason why, in a few words for people
 */
public record VolumeFate(VolumeOffer offer, Kind kind, String reason) {
  /** What may happen. */
  public enum Kind {
    /** Both hosts see the same storage: nothing. */
    SHARED,
    /** The target has the same content already: nothing. */
    EQUAL,
    /** It is copied to where nothing was. */
    COPY,
    /** It is copied, and what the target had there goes. */
    REPLACE,
    /** Nobody knows before it was measured: ask again. */
    MEASURE,
    /** Nobody knows before its digest was computed: ask again. */
    COMPARE,
    /** The pod cannot move because of it. */
    REFUSED
  }

  /** Whether its content travels. */
  public boolean travels() {
    return kind == Kind.COPY || kind == Kind.REPLACE;
  }

  /** Whether more has to be known of it. */
  public boolean isOpen() {
    return kind == Kind.MEASURE || kind == Kind.COMPARE;
  }
}
