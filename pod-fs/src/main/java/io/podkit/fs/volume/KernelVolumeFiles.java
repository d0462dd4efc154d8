package io.podkit.fs.volume;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeSize;
import io.podkit.fs.api.Trees;
import io.podkit.fs.api.VolumeFiles;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.RenameFlag;
import io.podkit.linux.Syscalls;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** Looks at volumes and moves them with system calls of our own. */
public final class KernelVolumeFiles implements VolumeFiles {

  private static final int BYTES_PER_BLOCK = 512;

  private final Syscalls sys;
  private final Trees trees;

  /**
   * Volumes on this host.
   *
   * @param trees copies directories
   */
  public KernelVolumeFiles(Syscalls sys, Trees trees) {
    this.sys = sys;
    this.trees = trees;
  }

  @Override
  public String digest(Path place) throws PodkitException {
    return new PlaceDigest(sys).content(place);
  }

  @Override
  public String stamp(Path place) throws PodkitException {
    return new PlaceDigest(sys).stamp(place);
  }

  @Override
  public TreeSize measure(Path place) throws PodkitException {
    long[] sums = {-1, 0}; // the place itself does not count
    Set<Long> linked = new HashSet<>();
    new PlaceWalk(sys)
        .walk(
            place,
            (path, at, stat) -> {
              sums[0]++;
              sums[1] += isCounted(stat, linked) ? stat.blocks() * BYTES_PER_BLOCK : 0;
            });
    return new TreeSize(sums[0], sums[1]);
  }

  private static boolean isCounted(FileStat stat, Set<Long> linked) {
    return stat.isRegular() && (stat.links() == 1 || linked.add(stat.inode()));
  }

  @Override
  public boolean isEmpty(Path directory) throws PodkitException {
    try (DirCursor cursor = DirCursor.open(sys, directory)) {
      for (byte[] bytes : cursor.names(RawPath.ROOT)) {
        String name = RawPath.of(bytes);
        boolean bare = name.equals(PlaceWalk.LOST_AND_FOUND) && cursor.names(name).isEmpty();
        if (!bare && !name.startsWith(OWN_PREFIX)) {
          return false;
        }
      }
      return true;
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot read " + directory, e);
    }
  }

  @Override
  public void fill(Path root, Path path, Path into) throws PodkitException {
    new FirstContent(sys, trees).copy(root, path, into);
  }

  @Override
  public void move(Path from, Path to) throws PodkitException {
    try {
      sys.renameat2(PathAt.of(from), PathAt.of(to), Set.of(RenameFlag.NO_REPLACE));
      sync(parent(to));
      sync(parent(from));
    } catch (ErrnoException e) {
      if (e.is(Errno.EEXIST)) {
        throw PodkitException.conflict("cannot move " + from + " to " + to + ": it exists already");
      }
      throw PodkitException.io("cannot move " + from + " to " + to, e);
    }
  }

  private void sync(Path directory) throws ErrnoException {
    try (Fd fd = sys.openDirectory(PathAt.of(directory))) {
      sys.fsync(fd);
    }
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "a volume is never /");
  }

  @Override
  public void remove(Path place) throws PodkitException {
    try {
      if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        new TreeRemover(sys).remove(place);
      } else if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        sys.unlink(PathAt.of(place));
      }
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot remove " + place, e);
    }
  }

  @Override
  public void setAside(Path directory, String name) throws PodkitException {
    new AsideContent(sys, directory, name).make();
  }

  @Override
  public void bringBack(Path directory, String name) throws PodkitException {
    new AsideContent(sys, directory, name).undo();
  }
}
