package io.podkit.core.checkpoint;

import io.podkit.core.store.ContainerOrigin.CoveredPath;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * File systems in memory for what a container has and its engine makes only for one that it starts:
 * {@code /dev}, and empty ones over what is not to be seen. Each is whole, not a part of one: an
 * engine that dumps the container one day must be able to.
 */
final class EngineCovers {
  private static final String DEV_OPTIONS = "nosuid,noexec,mode=755,size=65536k";
  private static final String EMPTY_OPTIONS = "nosuid,nodev,noexec,ro,size=64k";

  private EngineCovers() {}

  /** An empty {@code /dev}, with places for what is mounted in it. */
  static void makeDev(Path directory) throws PodkitException {
    Command.of(
            "sh",
            "-e",
            "-c",
            "mount -t tmpfs -o "
                + DEV_OPTIONS
                + " tmpfs \"$0\"; mkdir -p \"$0/pts\" \"$0/shm\" \"$0/mqueue\"",
            directory)
        .runOrThrow("cannot make a container's /dev");
  }

  /**
   * Makes the others, in one script: each process that a JVM starts takes longer than all of it.
   *
   * @param bound places that have something of the engine's
   * @param directory an empty one
   * @return by their place
   */
  static Map<String, Path> make(List<CoveredPath> covers, Map<String, Path> bound, Path directory)
      throws PodkitException {
    Map<String, Path> made = new LinkedHashMap<>();
    StringBuilder script = new StringBuilder("cd \"$0\"\n");
    for (CoveredPath cover : covers) {
      if (!cover.directory() || bound.containsKey(cover.path())) {
        continue;
      }
      String name = Integer.toString(made.size());
      made.put(cover.path(), directory.resolve(name));
      script
          .append("mkdir ")
          .append(name)
          .append("; mount -t tmpfs tmpfs ")
          .append(name)
          .append('\n');
      for (CoveredPath inner : covers) {
        if (inner.path().startsWith(cover.path() + "/")) {
          String below = inner.path().substring(cover.path().length() + 1);
          script.append(inner.directory() ? "mkdir -p '" : "touch '");
          script.append(name).append('/').append(below).append("'\n");
        }
      }
      script.append("mount -o remount," + EMPTY_OPTIONS + " ").append(name).append('\n');
    }
    Command.of("sh", "-e", "-c", script, directory)
        .runOrThrow("cannot cover what is not to be seen");
    return made;
  }
}
