package io.podkit.criu;

import io.podkit.linux.SpawnSpec;
import java.util.Map;

/** A library of ours that CRIU is started with. */
public sealed interface Preload permits PageFilter, UserfaultGrant {
  /** What CRIU's environment needs for it. */
  Map<String, String> environment();

  /** The same launcher, with the library. */
  default SwrkLauncher into(SwrkLauncher launcher) {
    return start -> {
      SpawnSpec spec = launcher.command(start);
      environment().forEach(spec::env);
      return spec;
    };
  }
}
