package io.podkit.cli.option;

import io.podkit.core.api.ContainerHook;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an engine looks for hooks. */
public final class HooksDirOption {
  @Option(
      names = "--hooks-dir",
      paramLabel = "DIR",
      description = "Where the engine looks for hooks (/usr/share/containers/oci/hooks.d).")
  @Nullable Path directory;

  public Path directory() {
    return directory == null
        ? ContainerHook.STANDARD_DIRECTORY
        : directory.toAbsolutePath().normalize();
  }
}
