package io.podkit.core.volume;

import io.podkit.core.api.VolumeName;
import io.podkit.fs.api.VolumeFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One volume whose content is coming, as it is written down before anything is made.
 *
 * <p>Usually it is received in a box beside its place and takes the place at the end. Onto a mount
 * point nothing can be renamed: there it is received in place, and what was there goes into the
 * box.
 *
 * @param destination which volume of the pod
 * @param place where it is to lie, without links
 * @param boxName name of the box
 * @param directory whether it is a directory and not a single file
 * @param inPlace whether the place is a mount point
 * @param made directories above the place that are made for it, the uppermost first
 * @param own whether what is there is what the pod itself left behind, unchanged
 * @param name of a named volume
 * @param labels of a named volume
 */
record IncomingVolume(
    String destination,
    Path place,
    String boxName,
    boolean directory,
    boolean inPlace,
    List<Path> made,
    boolean own,
    @Nullable VolumeName name,
    Map<String, String> labels) {

  /** What a single file is called while it travels, and any volume in its box. */
  static final String CONTENT = "content";

  IncomingVolume {
    made = List.copyOf(made);
    labels = Map.copyOf(labels);
  }

  static String boxName(String migration, int number) {
    return VolumeFiles.OWN_PREFIX + migration + "-" + number;
  }

  Path box() {
    return inPlace ? place.resolve(boxName) : place.resolveSibling(boxName);
  }

  /** Where its content is while the pod is restored; its mount stays on it when it is renamed. */
  Path received() {
    return inPlace ? place : box().resolve(CONTENT);
  }

  /** The directory that the source's tree goes to. */
  Path tree() {
    return directory ? received() : box();
  }

  /** What was at its place before. */
  Path old() {
    return box().resolve("old");
  }

  /** Says that nothing was at its place before. */
  Path nothingOld() {
    return box().resolve("nothing-old");
  }
}
