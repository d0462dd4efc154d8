package io.podkit.fs.api;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an image says about running it; every part may be absent.
 *
 * @param entrypoint words put before the command
 * @param command words used when the user gives no command
 * @param environment {@code NAME=value}, in order
 * @param workingDirectory absolute path in the pod, or null for {@code /}
 * @param user {@code USER[:GROUP]} by name or number, or null for root
 * @param stopSignal name of the signal that asks the command to end, or null for SIGTERM
 * @param exposedPorts what it listens on, {@code 80/tcp}, sorted; for people to know
 * @param volumes directories that it wants kept apart, sorted; for people to know
 * @param labels notes of whoever made it, by name
 */
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    @Nullable String workingDirectory,
    @Nullable String user,
    @Nullable String stopSignal,
    List<String> exposedPorts,
    List<String> volumes,
    Map<String, String> labels) {

  /** An image that says nothing, such as an imported directory. */
  public static final ImageConfig EMPTY =
      new ImageConfig(List.of(), List.of(), List.of(), null, null);

  /** Copies and sorts. */
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    exposedPorts = List.copyOf(new TreeSet<>(exposedPorts));
    volumes = List.copyOf(new TreeSet<>(volumes));
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** One that says only what its command is. */
  public ImageConfig(
      List<String> entrypoint,
      List<String> command,
      List<String> environment,
      @Nullable String workingDirectory,
      @Nullable String user) {
    this(
        entrypoint,
        command,
        environment,
        workingDirectory,
        user,
        null,
        List.of(),
        List.of(),
        Map.of());
  }

  /**
   * This configuration with the parts it leaves empty taken from {@code base}; what has names is
   * joined, and of two with one name this one's stays. Entrypoint and command go together: whoever
   * names a new program does not want the old one's arguments.
   */
  public ImageConfig over(ImageConfig base) {
    boolean ownProgram = !entrypoint.isEmpty() || !command.isEmpty();
    Map<String, String> allLabels = new TreeMap<>(base.labels);
    allLabels.putAll(labels);
    return new ImageConfig(
        ownProgram ? entrypoint : base.entrypoint,
        ownProgram ? command : base.command,
        joined(base.environment, environment),
        workingDirectory == null ? base.workingDirectory : workingDirectory,
        user == null ? base.user : user,
        stopSignal == null ? base.stopSignal : stopSignal,
        both(base.exposedPorts, exposedPorts),
        both(base.volumes, volumes),
        allLabels);
  }

  private static List<String> joined(List<String> lower, List<String> upper) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String each : lower) {
      byName.put(name(each), each);
    }
    for (String each : upper) {
      byName.put(name(each), each);
    }
    return List.copyOf(byName.values());
  }

  private static String name(String setting) {
    int equals = setting.indexOf('=');
    return equals < 0 ? setting : setting.substring(0, equals);
  }

  private static List<String> both(Collection<String> some, Collection<String> more) {
    LinkedHashSet<String> all = new LinkedHashSet<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
