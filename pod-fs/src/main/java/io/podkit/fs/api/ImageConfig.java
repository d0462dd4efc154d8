package io.podkit.fs.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an image says about running it; every part may be absent.
 *
 * @param entrypoint words put before the command
 * @param command words used when the user gives no command
 * @param environment {@code NAME=value}, in order
 * @param workingDirectory absolute path in the pod, or null for {@code /}
 * @param user {@code USER[:GROUP]} by name or number, or null for root
 */
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    @Nullable String workingDirectory,
    @Nullable String user) {

  /** An image that says nothing, such as an imported directory. */
  public static final ImageConfig EMPTY =
      new ImageConfig(List.of(), List.of(), List.of(), null, null);

  /** Copies the lists. */
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
  }

  /**
   * This configuration with the parts it leaves empty taken from {@code base}. Entrypoint and
   * command go together: whoever names a new program does not want the old one's arguments.
   */
  public ImageConfig over(ImageConfig base) {
    boolean ownProgram = !entrypoint.isEmpty() || !command.isEmpty();
    return new ImageConfig(
        ownProgram ? entrypoint : base.entrypoint,
        ownProgram ? command : base.command,
        environment.isEmpty() ? base.environment : environment,
        workingDirectory == null ? base.workingDirectory : workingDirectory,
        user == null ? base.user : user);
  }
}
