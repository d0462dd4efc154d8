package io.podkit.core.wiring;

import io.podkit.fs.api.HostDirs;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where Podkit itself lies on this host, told by the launcher in system properties.
 *
 * @param podInit the static helper: property {@code podkit.init}
 * @param launcher the {@code pod} command: property {@code podkit.command}; null when this is not
 *     run by it
 */
record Installation(Path podInit, @Nullable Path launcher) {
  /** What the launcher said, or the places of a packaged installation. */
  static Installation find() {
    String init = System.getProperty("podkit.init", "/usr/libexec/podkit/pod-init");
    String launcher = System.getProperty("podkit.command");
    return new Installation(Path.of(init), launcher == null ? null : Path.of(launcher));
  }

  /**
   * The {@code pod} command for a host with those directories, to be completed by a verb; empty if
   * unknown.
   */
  List<String> podCommand(HostDirs dirs) {
    return launcher == null
        ? List.of()
        : List.of(
            launcher.toString(), "--root", dirs.root().toString(), "--run", dirs.run().toString());
  }
}
