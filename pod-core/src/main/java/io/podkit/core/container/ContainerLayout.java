package io.podkit.core.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a container's runtime was told to put it together, from the same {@code config.json} as
 * {@link ContainerConfig}: what matters only to whoever wants to take it apart.
 */
record ContainerLayout(@Nullable List<Mount> mounts, @Nullable Linux linux) {
  private static final String FILE = "config.json";

  record Mount(
      Path destination,
      @Nullable String type,
      @Nullable String source,
      @Nullable List<String> options) {
    boolean isBind() {
      List<String> all = Objects.requireNonNullElse(options, List.of());
      return "bind".equals(type) || all.contains("bind") || all.contains("rbind");
    }

    boolean isReadOnly() {
      return options != null && options.contains("ro");
    }
  }

  record Linux(
      @Nullable List<Namespace> namespaces,
      @Nullable List<Object> uidMappings,
      @Nullable List<Path> maskedPaths) {}

  /** {@code path} is given if it is somebody else's. */
  record Namespace(@Nullable String type, @Nullable String path) {}

  static ContainerLayout read(Path bundle, ObjectMapper json) throws PodkitException {
    try {
      return json.readValue(Files.readAllBytes(bundle.resolve(FILE)), ContainerLayout.class);
    } catch (IOException | IllegalArgumentException e) {
      throw PodkitException.io(
          "cannot read how a container was made: " + bundle.resolve(FILE), new IOException(e));
    }
  }

  /** The directories and files of the host that it sees, by where. */
  Map<Path, Mount> binds() {
    Map<Path, Mount> binds = new TreeMap<>();
    for (Mount mount : Objects.requireNonNullElse(mounts, List.<Mount>of())) {
      if (mount.isBind() && mount.source() != null) {
        binds.put(mount.destination(), mount);
      }
    }
    return binds;
  }

  /** What it has in memory of its own. */
  List<Path> tmpfs() {
    return Objects.requireNonNullElse(mounts, List.<Mount>of()).stream()
        .filter(mount -> "tmpfs".equals(mount.type()))
        .map(Mount::destination)
        .toList();
  }

  List<Path> masked() {
    return linux == null || linux.maskedPaths() == null ? List.of() : linux.maskedPaths();
  }

  boolean hasOwnUsers() {
    return linux != null && linux.uidMappings() != null && !linux.uidMappings().isEmpty();
  }
}
