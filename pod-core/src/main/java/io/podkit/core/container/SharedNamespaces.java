package io.podkit.core.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who shares a namespace with a container and is not in it. */
final class SharedNamespaces {
  private static final List<String> KINDS = List.of("net", "ipc", "uts");

  private SharedNamespaces() {}

  /** Pids of some of them, or none. */
  static List<Long> neighbours(Path proc, long pid) throws IOException {
    Path own = proc.resolve(Long.toString(pid));
    @Nullable Path inside = link(own, "pid");
    List<@Nullable Path> namespaces = new ArrayList<>();
    KINDS.forEach(kind -> namespaces.add(link(own, kind)));
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : all) {
        @Nullable Path where = link(process, "pid");
        for (int i = 0; i < KINDS.size() && where != null && !where.equals(inside); i++) {
          @Nullable Path namespace = link(process, KINDS.get(i));
          if (namespace != null && namespace.equals(namespaces.get(i)) && found.size() < 3) {
            found.add(Long.valueOf(process.getFileName().toString()));
            break;
          }
        }
      }
    }
    return found;
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
