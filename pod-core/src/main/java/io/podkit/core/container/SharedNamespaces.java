package io.podkit.core.container;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who shares a namespace with a container and is not in its control group. That decides, and not
 * the PID namespace: others may have been started in it, and would end with its first process.
 */
final class SharedNamespaces {
  private static final List<String> KINDS = List.of("pid", "net", "ipc", "uts");

  private static final int ENOUGH = 3;

  /** The processes in the container's control group, now. */
  interface Members {
    List<Long> now() throws PodkitException;
  }

  private SharedNamespaces() {}

  /** Pids of some of them, or none. */
  static List<Long> neighbours(Path proc, long pid, Members members)
      throws PodkitException, IOException {
    List<@Nullable Path> own = namespaces(proc, pid);
    List<Long> sharing = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : all) {
        long other = Long.parseLong(process.getFileName().toString());
        if (other != pid && shares(own, namespaces(proc, other))) {
          sharing.add(other);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    // Asked after that: what the container has started meanwhile is in the group, or has ended.
    Set<Long> inside = new HashSet<>(members.now());
    return sharing.stream()
        .filter(other -> !inside.contains(other) && shares(own, namespaces(proc, other)))
        .limit(ENOUGH)
        .toList();
  }

  /** Whether this very process is in the container's PID namespace, as it is with --pid host. */
  static boolean sharesOurs(Path proc, long pid) {
    @Nullable Path theirs = link(proc.resolve(Long.toString(pid)), "pid");
    return theirs != null && theirs.equals(link(proc.resolve("self"), "pid"));
  }

  private static boolean shares(List<@Nullable Path> own, List<@Nullable Path> others) {
    for (int i = 0; i < KINDS.size(); i++) {
      @Nullable Path namespace = own.get(i);
      if (namespace != null && namespace.equals(others.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static List<@Nullable Path> namespaces(Path proc, long pid) {
    Path process = proc.resolve(Long.toString(pid));
    List<@Nullable Path> namespaces = new ArrayList<>();
    KINDS.forEach(kind -> namespaces.add(link(process, kind)));
    return namespaces;
  }

  /** Null of a process that has ended. */
  private static @Nullable Path link(Path process, String kind) {
    try {
      return Files.readSymbolicLink(process.resolve("ns").resolve(kind));
    } catch (IOException e) {
      return null;
    }
  }
}
