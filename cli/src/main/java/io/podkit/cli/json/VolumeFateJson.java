package io.podkit.cli.json;

import io.podkit.core.api.VolumeFate;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one volume when its pod moves.
 *
 * @param destination its place in the pod
 * @param action shared, equal, copy, replace or refused; measure or compare if it was not found out
 *     because something else is in the way
 * @param entries files and directories in it; null unless it travels
 * @param bytes what it takes on disk; null unless it travels
 * @param reason why
 */
public record VolumeFateJson(
    String destination,
    String action,
    @Nullable Long entries,
    @Nullable Long bytes,
    String reason) {
  static VolumeFateJson of(VolumeFate fate) {
    boolean measured = fate.offer().isMeasured();
    return new VolumeFateJson(
        fate.offer().destination(),
        Shapes.name(fate.kind()),
        measured ? fate.offer().entries() : null,
        measured ? fate.offer().bytes() : null,
        fate.reason());
  }
}
