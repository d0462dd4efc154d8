package io.podkit.core.api;

import java.nio.file.Path;
import java.util.List;

/**
 * How the hook stands that tells Podkit of an engine's containers.
 *
 * @param installed whether the engine is told to call it; it may not work all the same
 * @param file what tells the engine, whether it is there or not
 * @param notes where the hook notes containers
 * @param annotations all that a container must have to take part; none if every one does
 * @param checks what was looked at
 */
public record HookStatus(
    boolean installed,
    Path file,
    Path notes,
    List<AnnotationRule> annotations,
    List<HostCheck> checks) {
  public HookStatus {
    annotations = List.copyOf(annotations);
    checks = List.copyOf(checks);
  }

  /** Whether containers that are made from now on are noted. */
  public boolean works() {
    return installed && checks.stream().noneMatch(check -> check.level() == HostCheck.Level.BLOCKS);
  }
}
