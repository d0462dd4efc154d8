package io.podkit.fs.layer;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.LayerDigest;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.process.CommandResult;
import java.nio.file.Path;
import java.util.List;

/** The errors of this package, side by side. */
final class LayerFailures {

  private static final int TAIL_LINES = 4;

  private LayerFailures() {}

  static PodkitException missing(LayerDigest layer) {
    return missing(layer, "");
  }

  /**
   * A layer that is nowhere.
   *
   * @param why what is wrong with the places where it should be; may be empty
   */
  static PodkitException missing(LayerDigest layer, String why) {
    String what = "layer " + layer + " is not on this host";
    return why.isEmpty()
        ? PodkitException.of(ErrorKind.NOT_FOUND, what, FsHints.LAYER_MISSING)
        : PodkitException.of(ErrorKind.NOT_FOUND, what + ": " + why, FsHints.SOURCE_BROKEN);
  }

  static PodkitException damaged(LayerDigest layer, Path file) {
    return PodkitException.of(
        ErrorKind.IO,
        "layer " + layer + " is damaged: " + file + " is no whole squashfs or erofs file",
        FsHints.LAYER_DAMAGED);
  }

  static PodkitException packing(Path directory, CommandResult result) {
    List<String> said = (result.stdout() + result.stderr()).strip().lines().toList();
    List<String> tail = said.subList(Math.max(0, said.size() - TAIL_LINES), said.size());
    return PodkitException.of(
        ErrorKind.COMMAND,
        "cannot pack "
            + directory
            + ": mksquashfs ended with "
            + result.status()
            + ": "
            + String.join("; ", tail));
  }

  static PodkitException mounting(LayerDigest layer, ErrnoException e) {
    PodkitException failure = PodkitException.io("cannot mount layer " + layer.abbreviated(), e);
    if (e.is(Errno.ENODEV)) {
      return failure.withHint(FsHints.NO_SQUASHFS);
    }
    return e.is(Errno.ENOENT) || e.is(Errno.ENXIO) ? failure.withHint(FsHints.NO_LOOP) : failure;
  }

  static PodkitException wrongContent(LayerDigest layer, String why) {
    return PodkitException.peer("the other host sent a wrong layer " + layer + ": " + why, null)
        .withHint(FsHints.LAYER_WRONG);
  }
}
