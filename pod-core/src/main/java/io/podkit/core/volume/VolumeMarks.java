package io.podkit.core.volume;

import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeOffer;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.VolumeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proof that two hosts see the same storage: the source puts a file with a name nobody can guess
 * into each volume while the target looks for it. That a path exists on both hosts proves nothing.
 * For a single file the mark lies beside it, and proves that it is the same if it has the same name
 * on both hosts and is itself mounted on neither.
 */
public final class VolumeMarks implements RunningPod.Marks {
  private final Map<Path, Times> made = new LinkedHashMap<>();

  /** Of a marked directory: before the mark, and with it. */
  private record Times(FileTime before, FileTime after) {}

  private VolumeMarks() {}

  /** Marks every volume that can be written to. */
  public static VolumeMarks make(Iterable<Path> places, String migration) throws PodkitException {
    VolumeMarks marks = new VolumeMarks();
    try {
      for (Path place : places) {
        Path directory = markable(place);
        // Where it cannot be written it cannot be proven, and the target will not find it.
        if (directory != null && Files.isWritable(directory)) {
          marks.mark(directory.resolve(name(migration)));
        }
      }
      return marks;
    } catch (IOException e) {
      try {
        marks.close();
      } catch (PodkitException undo) {
        e.addSuppressed(undo);
      }
      throw PodkitException.io("cannot mark a volume", e);
    }
  }

  private static @Nullable Path markable(Path place) throws PodkitException {
    Path real = VolumePlaces.real(place);
    if (Files.isDirectory(real)) {
      return real;
    }
    return Files.isRegularFile(real) && !VolumePlaces.isMountPoint(real) ? real.getParent() : null;
  }

  private void mark(Path mark) throws IOException {
    if (made.containsKey(mark)) {
      return; // two volumes in one directory
    }
    FileTime before = Files.getLastModifiedTime(mark.getParent());
    Files.createFile(mark);
    made.put(mark, new Times(before, Files.getLastModifiedTime(mark.getParent())));
  }

  /** Whether this host sees the mark, and so the very storage the source sees. */
  public static boolean isSeen(Path place, VolumeOffer offer, String migration)
      throws PodkitException {
    Path real = VolumePlaces.real(place);
    if (offer.isDirectory()) {
      return Files.exists(real.resolve(name(migration)));
    }
    return Files.isRegularFile(real)
        && real.getFileName().toString().equals(offer.fileName())
        && !VolumePlaces.isMountPoint(real)
        && Files.exists(real.resolveSibling(name(migration)));
  }

  private static String name(String migration) {
    return VolumeFiles.OWN_PREFIX + migration;
  }

  @Override
  public void close() throws PodkitException {
    for (Map.Entry<Path, Times> mark : made.entrySet()) {
      try {
        remove(mark.getKey(), mark.getValue());
      } catch (IOException e) {
        throw PodkitException.io("cannot remove " + mark.getKey(), e);
      }
    }
  }

  /** Leaves the directory with the times it had, unless somebody else has changed it meanwhile. */
  private static void remove(Path mark, Times times) throws IOException {
    Path directory = mark.getParent();
    boolean ours = Files.getLastModifiedTime(directory).equals(times.after());
    Files.deleteIfExists(mark);
    if (ours) {
      Files.setLastModifiedTime(directory, times.before());
    }
  }
}
