package io.podkit.migrate.api;

import java.util.List;
import java.util.Map;

/**
 * What is to be changed of a host's own marks.
 *
 * @param cordon whether it is to accept pods
 * @param set labels to be set
 * @param unset labels to be taken away
 * @param forget pods that are away and that are not to be brought back any more
 */
public record HostMarks(
    Cordon cordon, Map<String, String> set, List<String> unset, List<String> forget) {
  /** What becomes of the mark that pods are not accepted. */
  public enum Cordon {
    KEEP,
    ON,
    OFF
  }

  /** More would not be labels any more. */
  private static final int MAX_LABELS = 256;

  public HostMarks {
    set = Map.copyOf(set);
    unset = List.copyOf(unset);
    forget = List.copyOf(forget);
    if (set.size() > MAX_LABELS) {
      throw new IllegalArgumentException(set.size() + " labels, more than " + MAX_LABELS);
    }
    set.forEach(HostMarks::checkLabel);
  }

  private static void checkLabel(String key, String value) {
    if (!key.matches("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}")
        || !value.matches("[A-Za-z0-9._/:-]{0,63}")) {
      throw new IllegalArgumentException(
          "'"
              + key
              + "="
              + value
              + "' is no label: letters, digits and . _ / - (in values also :), at most 63");
    }
  }

  public static HostMarks cordon(boolean on) {
    return new HostMarks(on ? Cordon.ON : Cordon.OFF, Map.of(), List.of(), List.of());
  }

  public static HostMarks labels(Map<String, String> set, List<String> unset) {
    return new HostMarks(Cordon.KEEP, set, unset, List.of());
  }

  public static HostMarks forget(List<String> pods) {
    return new HostMarks(Cordon.KEEP, Map.of(), List.of(), pods);
  }
}
