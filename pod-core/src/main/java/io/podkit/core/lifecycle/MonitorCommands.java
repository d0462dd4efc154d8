package io.podkit.core.lifecycle;

import io.podkit.core.api.PodName;
import java.util.ArrayList;
import java.util.List;

/** What processes that outlive a command of ours execute in turn. */
public final class MonitorCommands {
  private MonitorCommands() {}

  /**
   * Run by a pod's monitor when the pod has ended; nothing if the {@code pod} command cannot be
   * called.
   */
  public static List<String> onExit(List<String> podCommand, PodName name) {
    return settle(podCommand, name);
  }

  /** Run by the dead man's switch of a command that has died while it looked at a pod. */
  public static List<String> settle(List<String> podCommand, PodName name) {
    return call(podCommand, "settle", name);
  }

  /** As {@link #settle}, for a container. */
  public static List<String> settleContainer(List<String> podCommand, PodName name) {
    List<String> words = new ArrayList<>(settle(podCommand, name));
    if (!words.isEmpty()) {
      words.add("--container");
    }
    return words;
  }

  /** Run by the dead man's switch of a migration whose process has died. */
  public static List<String> recover(List<String> podCommand, PodName name) {
    return call(podCommand, "recover", name);
  }

  private static List<String> call(List<String> podCommand, String verb, PodName name) {
    if (podCommand.isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>(podCommand);
    words.add(verb);
    words.add(name.value());
    return words;
  }
}
