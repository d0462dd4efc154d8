package io.podkit.migrate.api;

import java.util.Map;

/** Labels of pods that decide where they go and when, beside those that are only the user's. */
public final class PodLabels {
  /** Pods with the same value are never put on one host. */
  public static final String ANTI_AFFINITY = "podkit.anti-affinity";

  /** A whole number: the higher, the earlier it leaves; 0 without it. */
  public static final String PRIORITY = "podkit.priority";

  /** {@code podkit.require.KEY=VALUE}: only a host with the label KEY=VALUE will do. */
  public static final String REQUIRE = "podkit.require.";

  /** Label of a host: hosts with the same value fail together, so pods are spread over them. */
  public static final String CHASSIS = "chassis";

  private PodLabels() {}

  /** How urgent it is; 0 if it does not say, or says no number. */
  public static int priority(Map<String, String> labels) {
    String text = labels.getOrDefault(PRIORITY, "");
    return text.matches("-?[0-9]{1,6}") ? Integer.parseInt(text) : 0;
  }
}
