package io.podkit.fs.image;

import io.podkit.error.PodkitException;
import io.podkit.fs.dir.RawPath;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a layer says is gone from those below it. Its own entries win over that, whichever comes
 * first, so it is applied when all of them are there. Not thread-safe.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md">whiteouts</a>
 */
final class Whiteouts {
  private static final String PREFIX = ".wh.";

  /** A directory whose lower content is gone. */
  private static final String OPAQUE = PREFIX + PREFIX + ".opq";

  private final Set<String> gone = new LinkedHashSet<>();
  private final Set<String> opaque = new LinkedHashSet<>();

  /**
   * Takes an entry if it is not meant as a file.
   *
   * @param path normalised
   * @throws PodkitException REFUSED if it removes what has no name
   */
  boolean take(String path) throws PodkitException {
    String name = RawPath.name(path);
    if (!name.startsWith(PREFIX)) {
      return false;
    }
    String directory = RawPath.parent(path);
    if (name.equals(OPAQUE)) {
      opaque.add(directory);
    } else if (!name.startsWith(PREFIX + PREFIX)) { // others of these are of aufs' own
      String hidden = name.substring(PREFIX.length());
      if (!RawPath.isName(hidden)) {
        throw TarUnpacker.refused(
            "entry " + RawPath.shown(path) + " removes nothing that has a name");
      }
      gone.add(RawPath.child(directory, hidden));
    }
    return true;
  }

  void applyTo(UnpackedTree tree) throws PodkitException, IOException {
    for (String path : gone) {
      tree.whiteout(path);
    }
    for (String path : opaque) {
      tree.opaque(path);
    }
  }
}
