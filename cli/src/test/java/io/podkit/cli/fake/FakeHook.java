package io.podkit.cli.fake;

import io.podkit.core.api.AnnotationRule;
import io.podkit.core.api.ContainerHook;
import io.podkit.core.api.HookStatus;
import io.podkit.core.api.HostCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A hook that is installed in memory. */
public final class FakeHook implements ContainerHook {
  public final List<String> calls = new ArrayList<>();
  public final List<HostCheck> checks = new ArrayList<>();
  private boolean installed;
  private List<AnnotationRule> rules = List.of();

  @Override
  public HookStatus install(Path directory, List<AnnotationRule> annotations) {
    calls.add("install " + directory + " " + annotations);
    installed = true;
    rules = annotations;
    return status(directory);
  }

  @Override
  public HookStatus uninstall(Path directory) {
    calls.add("uninstall " + directory);
    installed = false;
    return status(directory);
  }

  @Override
  public HookStatus status(Path directory) {
    return new HookStatus(
        installed, directory.resolve("podkit.json"), Path.of("/run/pod/containers"), rules, checks);
  }
}
