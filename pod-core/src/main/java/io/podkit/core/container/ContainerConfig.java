package io.podkit.core.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Podkit reads of a container's {@code config.json}, as its runtime was given it. An engine
 * may leave out anything, so anything may be null.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md">OCI runtime
 *     specification</a>
 */
record ContainerConfig(
    @Nullable Program process,
    @Nullable Root root,
    @Nullable String hostname,
    @Nullable Map<String, String> annotations,
    @Nullable Linux linux) {
  private static final String FILE = "config.json";

  /** What nothing is known of. */
  static final ContainerConfig EMPTY = new ContainerConfig(null, null, null, null, null);

  record Program(
      @Nullable Boolean terminal,
      @Nullable User user,
      List<String> args,
      List<String> env,
      @Nullable String cwd,
      @Nullable Capabilities capabilities,
      @Nullable Boolean noNewPrivileges) {}

  record User(@Nullable Integer uid, @Nullable Integer gid) {}

  record Capabilities(List<String> bounding) {}

  record Root(@Nullable Path path) {}

  record Linux(@Nullable Resources resources, List<IdMapping> uidMappings) {}

  /** Which ids does not matter here. */
  record IdMapping() {}

  record Resources(@Nullable Memory memory, @Nullable Cpu cpu, @Nullable Pids pids) {}

  record Memory(@Nullable Long limit) {}

  record Cpu(@Nullable Long quota, @Nullable Long period) {}

  record Pids(@Nullable Long limit) {}

  /** Empty if it cannot be read or understood: a container is listed all the same. */
  static ContainerConfig read(@Nullable Path bundle, ObjectMapper json) {
    if (bundle == null) {
      return EMPTY;
    }
    try {
      @Nullable ContainerConfig config =
          json.readValue(Files.readAllBytes(bundle.resolve(FILE)), ContainerConfig.class);
      return config == null ? EMPTY : config;
    } catch (IOException | IllegalArgumentException e) {
      return EMPTY;
    }
  }

  Map<String, String> notes() {
    return annotations == null ? Map.of() : annotations;
  }
}
