package io.podkit.fs.watch;

import io.podkit.fs.dir.RawPath;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileChange;
import io.podkit.linux.FileChanges;
import io.podkit.linux.FileHandle;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of which a filesystem told a change, as far as they lie in one tree. They are kept by
 * the handle of their directory: where that lies is asked when somebody wants to know, for it may
 * have been moved meanwhile. Not thread-safe.
 */
final class ChangedNames implements FileChanges.Listener {

  private static final Set<Errno> GONE = EnumSet.of(Errno.ESTALE, Errno.ENOENT);

  /** Of directories elsewhere on the filesystem, so as not to ask for each of their changes. */
  private static final int MAX_FOREIGN = 50_000;

  private static final Set<FileChange> MADE = EnumSet.of(FileChange.CREATE, FileChange.MOVED_TO);

  private static final Set<FileChange> OF_INODES =
      EnumSet.of(FileChange.MODIFY, FileChange.CLOSE_WRITE, FileChange.ATTRIB);

  private final Syscalls sys;
  private final Fd root;
  private final String rootPath;
  private final String nearPath;
  private final int maxNames;

  /** By directory: whether a directory was made of that name. */
  private final Map<FileHandle, Map<String, Boolean>> own = new HashMap<>();

  private final Set<FileHandle> foreign = new HashSet<>();
  private final Set<FileHandle> inodes = new HashSet<>();
  private int count;
  private boolean lost;

  /**
   * Nothing has changed yet.
   *
   * @param besideToo whether inodes count that are changed in directories beside the tree, as an
   *     overlay's work directory is
   */
  ChangedNames(Syscalls sys, Fd root, boolean besideToo, int maxNames) throws ErrnoException {
    this.sys = sys;
    this.root = root;
    this.maxNames = maxNames;
    this.rootPath = pathOf(root);
    this.nearPath = besideToo ? RawPath.parent(rootPath) : rootPath;
  }

  @Override
  public void changed(Set<FileChange> what, FileHandle directory, byte[] name, FileHandle inode) {
    if (what.contains(FileChange.OVERFLOW)) {
      lose();
    }
    if (lost || foreign.contains(directory)) {
      return;
    }
    boolean isOwn = own.containsKey(directory);
    if (!isOwn) {
      switch (placeOf(directory)) {
        case ELSEWHERE -> {
          addForeign(directory);
          return;
        }
        case OWN -> isOwn = true;
        case NEAR, GONE -> isOwn = false;
      }
    }
    // The name may be one that the inode has lost: it is then known by another.
    if (what.stream().anyMatch(OF_INODES::contains) && inode.isPresent()) {
      if (inodes.add(inode)) {
        count();
      }
    }
    if (!isOwn) {
      return;
    }
    boolean isDirectory = what.contains(FileChange.ON_DIRECTORY);
    if (isDirectory && what.contains(FileChange.MOVED_TO)) {
      // It may have come from elsewhere: from now on what happens in it counts.
      foreign.clear();
    }
    boolean made = isDirectory && what.stream().anyMatch(MADE::contains);
    Map<String, Boolean> names = own.computeIfAbsent(directory, unused -> new HashMap<>());
    Boolean before = names.put(RawPath.of(name), made);
    if (before == null) {
      count();
    } else if (before) {
      names.put(RawPath.of(name), true);
    }
  }

  private void count() {
    if (++count > maxNames) {
      lose();
    }
  }

  private void addForeign(FileHandle directory) {
    if (foreign.size() >= MAX_FOREIGN) {
      foreign.clear();
    }
    foreign.add(directory);
  }

  private void lose() {
    lost = true;
    own.clear();
    inodes.clear();
    count = 0;
  }

  /** All of them, which are then forgotten. */
  Changes take() {
    Set<String> paths = new HashSet<>();
    Set<String> made = new HashSet<>();
    for (Map.Entry<FileHandle, Map<String, Boolean>> entry : Map.copyOf(own).entrySet()) {
      String directory = inTree(pathOf(entry.getKey()));
      if (directory == null) {
        continue; // gone: of that the directory above told
      }
      entry
          .getValue()
          .forEach(
              (name, isNew) -> {
                String path = name.equals(".") ? directory : RawPath.child(directory, name);
                paths.add(path);
                if (isNew) {
                  made.add(path);
                }
              });
    }
    Set<Long> numbers = new HashSet<>();
    for (FileHandle inode : Set.copyOf(inodes)) {
      numberOf(inode).ifPresent(numbers::add);
    }
    Changes changes = lost ? Changes.UNKNOWN : new Changes(true, paths, made, numbers);
    lose();
    foreign.clear();
    lost = false;
    return changes;
  }

  private enum Place {
    OWN,
    NEAR,
    GONE,
    ELSEWHERE
  }

  private Place placeOf(FileHandle handle) {
    if (!handle.isPresent()) {
      return Place.GONE; // of a file without a name
    }
    String path = pathOf(handle);
    if (path == null) {
      return Place.GONE;
    }
    if (inTree(path) != null) {
      return Place.OWN;
    }
    return path.startsWith(nearPath + "/") ? Place.NEAR : Place.ELSEWHERE;
  }

  private @Nullable String inTree(@Nullable String path) {
    if (path == null || path.equals(rootPath)) {
      return path == null ? null : RawPath.ROOT;
    }
    return path.startsWith(rootPath + "/") ? path.substring(rootPath.length() + 1) : null;
  }

  /** Where a directory lies now, or null if it is gone. */
  private @Nullable String pathOf(FileHandle handle) {
    try (Fd directory = sys.openByHandle(root, handle)) {
      return pathOf(directory);
    } catch (ErrnoException e) {
      loseUnlessGone(e);
      return null;
    }
  }

  private Optional<Long> numberOf(FileHandle handle) {
    try (Fd inode = sys.openByHandle(root, handle)) {
      return Optional.of(sys.fstat(inode).inode());
    } catch (ErrnoException e) {
      loseUnlessGone(e);
      return Optional.empty();
    }
  }

  private void loseUnlessGone(ErrnoException e) {
    if (!GONE.contains(e.errno())) {
      lose();
    }
  }

  private String pathOf(Fd directory) throws ErrnoException {
    return RawPath.of(sys.readlink(PathAt.of(directory.procPath())));
  }
}
