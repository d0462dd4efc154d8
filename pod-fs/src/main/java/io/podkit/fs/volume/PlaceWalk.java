package io.podkit.fs.volume;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.VolumeFiles;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Device;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Visits a file, or a directory and all it holds, in the same order wherever the same names are.
 * What Podkit itself put into the directory is passed over, and so is what vanishes meanwhile.
 */
final class PlaceWalk {

  /** mkfs makes it, in the top directory of every filesystem. */
  static final String LOST_AND_FOUND = "lost+found";

  private static final Set<Errno> VANISHED = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

  /** Sees one entry. */
  interface Visitor {
    /**
     * Is called for each, the place itself first.
     *
     * @param path raw, below the place; empty for itself
     * @param at the entry, valid during the call
     */
    void entry(String path, PathAt at, FileStat stat) throws PodkitException, IOException;
  }

  private final Syscalls sys;

  PlaceWalk(Syscalls sys) {
    this.sys = sys;
  }

  void walk(Path place, Visitor visitor) throws PodkitException {
    try {
      FileStat root = sys.lstat(PathAt.of(place));
      visitor.entry(RawPath.ROOT, PathAt.of(place), root);
      if (root.isDirectory()) {
        beneath(place, root.device(), visitor);
      }
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        throw PodkitException.notFound("there is no " + place);
      }
      if (e.is(Errno.EXDEV)) {
        throw mountedIn(place, "");
      }
      throw PodkitException.io("cannot read " + place, e);
    } catch (IOException e) {
      throw PodkitException.io("cannot read " + place, e);
    }
  }

  private void beneath(Path place, Device device, Visitor visitor)
      throws PodkitException, IOException {
    try (DirCursor cursor = DirCursor.open(sys, place)) {
      Deque<String> pending = new ArrayDeque<>(List.of(RawPath.ROOT));
      while (!pending.isEmpty()) {
        String directory = pending.pop();
        for (String name : names(cursor, directory)) {
          String path = RawPath.child(directory, name);
          PathAt at = PathAt.in(cursor.enter(directory), RawPath.bytes(name));
          FileStat stat;
          try {
            stat = sys.lstat(at);
          } catch (ErrnoException e) {
            if (VANISHED.contains(e.errno())) {
              continue;
            }
            throw e;
          }
          if (!stat.device().equals(device)) {
            throw mountedIn(place, ", at " + RawPath.shown(path));
          }
          if (passedOver(cursor, path, stat)) {
            continue;
          }
          visitor.entry(path, at, stat);
          if (stat.isDirectory()) {
            pending.push(path);
          }
        }
      }
    }
  }

  private static PodkitException mountedIn(Path place, String where) {
    return PodkitException.of(ErrorKind.UNSUPPORTED, "something is mounted in " + place + where);
  }

  /** In the order of their bytes; the last is pushed last and so entered first, on every host. */
  private static List<String> names(DirCursor cursor, String directory) throws ErrnoException {
    List<String> names = new ArrayList<>();
    try {
      for (byte[] name : cursor.names(directory)) {
        names.add(RawPath.of(name));
      }
    } catch (ErrnoException e) {
      if (!VANISHED.contains(e.errno())) {
        throw e;
      }
    }
    Collections.sort(names);
    return names;
  }

  private boolean passedOver(DirCursor cursor, String path, FileStat stat) throws ErrnoException {
    if (path.indexOf('/') >= 0) {
      return false;
    }
    if (path.startsWith(VolumeFiles.OWN_PREFIX)) {
      return true;
    }
    return path.equals(LOST_AND_FOUND) && stat.isDirectory() && isEmpty(cursor, path);
  }

  private boolean isEmpty(DirCursor cursor, String path) throws ErrnoException {
    try (Fd directory = sys.openDirectory(PathAt.in(cursor.enter(path), "."))) {
      return sys.readDirectory(directory).isEmpty();
    }
  }
}
