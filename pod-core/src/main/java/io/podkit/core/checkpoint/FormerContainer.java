package io.podkit.core.checkpoint;

import io.podkit.core.launch.PodTreePaths;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.ContainerOrigin;
import io.podkit.core.store.ContainerOrigin.CoveredPath;
import io.podkit.core.store.PodRecord;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.RootedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a pod that was a container needs beside its files, because its processes were dumped with
 * it: something on the places that the engine had covered, and files for their output.
 */
final class FormerContainer {
  private static final String DIRECTORY = "covers";
  private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_.,=:@+-]+)+");

  private FormerContainer() {}

  /**
   * Whether what another host says of it is harmless here: an engine's command would be executed,
   * and paths become options of CRIU and directories of this host.
   */
  static boolean mayArrive(PodRecord record) {
    return record.owner() == null
        && covers(record).stream()
            .allMatch(path -> PLAIN.matcher(path).matches() && !path.contains("/.."));
  }

  /** The covered places, in an order that dump and restore agree on. */
  static List<String> covers(PodRecord record) {
    ContainerOrigin origin = record.origin();
    return origin == null ? List.of() : origin.covers().stream().map(CoveredPath::path).toList();
  }

  /**
   * Makes it, where it is missing; does nothing for other pods.
   *
   * @param root the pod's, mounted
   * @param podInit the static helper, by which a pod is entered
   * @param first whether it has not been a pod yet, see {@link #isFirstArrival}
   * @return for each covered place what lies on it, on this host
   */
  static List<Path> prepare(
      PodRecord record, MountedRoot root, PodParts parts, Path podInit, boolean first)
      throws PodkitException {
    ContainerOrigin origin = record.origin();
    if (origin == null) {
      return List.of();
    }
    try (RootedFiles files = parts.fileSystem().rooted(root)) {
      files.createDirectory(PodTreePaths.DIRECTORY, 0755);
      files.createDirectory(PodTreePaths.DIRECTORY + "/exec", 0755);
      program(files, podInit, first);
      for (String output : List.of(PodTreePaths.STDOUT, PodTreePaths.STDERR)) {
        if (!isThere(files, output)) {
          files.write(PodTreePaths.DIRECTORY + "/" + output, new byte[0], 0622);
        }
      }
    }
    Path empty = parts.directory(record.name()).resolve(DIRECTORY);
    List<Path> covers = new ArrayList<>();
    for (CoveredPath covered : origin.covers()) {
      covers.add(covered.directory() ? directory(covered, empty) : root.dev().resolve("null"));
    }
    return covers;
  }

  /** Whether a record that came from another host is that of what was a container until now. */
  static boolean isFirstArrival(PodRecord record) {
    ContainerOrigin origin = record.origin();
    return origin != null && !Boolean.TRUE.equals(origin.settled());
  }

  /**
   * What a container brought under this name was anybody's, and would be executed as root. Later it
   * stays: processes that entered the pod have it mapped, and were dumped with it.
   */
  static void program(RootedFiles files, Path podInit, boolean first) throws PodkitException {
    String program = PodTreePaths.DIRECTORY + "/" + PodTreePaths.INIT;
    if (first) {
      files.delete(program);
    }
    if (!isThere(files, PodTreePaths.INIT)) {
      files.copyIn(podInit, program);
    }
  }

  private static boolean isThere(RootedFiles files, String name) throws PodkitException {
    try {
      files.open(PodTreePaths.DIRECTORY + "/" + name).close();
      return true;
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return false;
      }
      throw e;
    } catch (IOException e) {
      throw PodkitException.io("cannot look at what a pod has in " + PodTreePaths.DIRECTORY, e);
    }
  }

  /** Under the name that it has in the pod: one cover may lie in another. */
  private static Path directory(CoveredPath covered, Path empty) throws PodkitException {
    Path inside = Path.of("/").relativize(Path.of(covered.path())).normalize();
    try {
      return Files.createDirectories(empty.resolve(inside));
    } catch (IOException e) {
      throw PodkitException.io("cannot make what covers " + covered.path(), e);
    }
  }
}
