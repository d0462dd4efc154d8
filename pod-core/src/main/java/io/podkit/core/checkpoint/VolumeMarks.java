package io.podkit.core.checkpoint;

import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeSpec;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Proof that two hosts see the same storage: the source puts a file with a name nobody can guess
 * into each volume while the target looks for it. That a path exists on both hosts proves nothing.
 */
final class VolumeMarks implements RunningPod.Marks {
  private final List<Path> made = new ArrayList<>();

  private VolumeMarks() {}

  /** Marks every volume that can be written to. */
  static VolumeMarks make(List<VolumeSpec> volumes, String migration) throws PodkitException {
    VolumeMarks marks = new VolumeMarks();
    for (VolumeSpec volume : volumes) {
      Path mark = mark(volume, migration);
      // Read-only, or no directory: then it cannot be proven to be shared, and the target will say
      // so.
      if (Files.isDirectory(volume.source()) && Files.isWritable(volume.source())) {
        create(mark);
        marks.made.add(mark);
      }
    }
    return marks;
  }

  private static void create(Path mark) throws PodkitException {
    try {
      Files.createFile(mark);
    } catch (IOException e) {
      throw PodkitException.io("cannot mark a volume", e);
    }
  }

  /** Whether this host sees the mark, and so the very storage the source sees. */
  static boolean isSeen(VolumeSpec volume, String migration) {
    return Files.exists(mark(volume, migration));
  }

  private static Path mark(VolumeSpec volume, String migration) {
    return volume.source().resolve(".podkit-" + migration);
  }

  @Override
  public void close() throws PodkitException {
    for (Path mark : made) {
      try {
        Files.deleteIfExists(mark);
      } catch (IOException e) {
        throw PodkitException.io("cannot remove " + mark, e);
      }
    }
  }
}
