package io.podkit.core.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command to run inside a running pod, as a full member of it: it is checkpointed and moved with
 * the pod.
 *
 * @param command the program and its arguments
 * @param env added to the pod's environment
 * @param user as in {@link PodSpec}, or null for the pod's own user
 * @param workdir directory in the pod, or null for the pod's own
 * @param tty the size of the terminal it gets, or null for none
 * @param interactive whether its standard input is fed by the caller
 */
public record ExecSpec(
    List<String> command,
    Map<String, String> env,
    @Nullable String user,
    @Nullable String workdir,
    @Nullable TerminalSize tty,
    boolean interactive) {
  public ExecSpec {
    command = List.copyOf(command);
    env = Map.copyOf(env);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("exec needs a command");
    }
  }
}
