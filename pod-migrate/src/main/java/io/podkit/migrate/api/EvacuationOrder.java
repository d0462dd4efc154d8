package io.podkit.migrate.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which pods of a host are to be moved, and where they may go.
 *
 * @param purpose what it is for
 * @param targets hosts that may take them
 * @param pods their names; empty for all that run
 * @param selector labels that they must have; a value of "" asks for the label alone
 * @param maxParallel pods that may be moved at the same time; 0 lets the host decide
 * @param deadline no pod is frozen for its move after that time; zero for no deadline
 * @param sequence which goes first
 * @param dryRun whether to say only where they would go
 */
public record EvacuationOrder(
    Purpose purpose,
    List<KnownHost> targets,
    List<String> pods,
    Map<String, String> selector,
    int maxParallel,
    Duration deadline,
    Sequence sequence,
    boolean dryRun) {
  /** What pods are moved for. */
  public enum Purpose {
    /** The host is to be empty: it accepts no pods from now on, and remembers where its went. */
    EVACUATE,
    /** Pods go back to where an evacuation has taken them from. */
    BRING_BACK
  }

  /** Which pod goes first; where two are alike, the name decides. */
  public enum Sequence {
    /** By {@link PodLabels#PRIORITY}, then the largest, which is the hardest to place. */
    URGENT,
    SMALLEST,
    LARGEST,
    NAME
  }

  public static final int MOST_PARALLEL = 64;
  public static final int MOST_TARGETS = 256;
  public static final int MOST_PODS = 10_000;
  public static final int MOST_LABELS = 64;
  public static final Duration LONGEST = Duration.ofDays(7);

  public EvacuationOrder {
    targets = List.copyOf(targets);
    pods = List.copyOf(pods);
    selector = Map.copyOf(selector);
    if (maxParallel < 0 || maxParallel > MOST_PARALLEL) {
      throw new IllegalArgumentException(
          "not " + maxParallel + " but 1 to " + MOST_PARALLEL + " pods can be moved at a time");
    }
    if (deadline.isNegative() || deadline.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a deadline lies ahead, at most seven days");
    }
    if (targets.size() > MOST_TARGETS || pods.size() > MOST_PODS || selector.size() > MOST_LABELS) {
      throw new IllegalArgumentException(
          "at most %d targets, %d pods and %d labels can be named"
              .formatted(MOST_TARGETS, MOST_PODS, MOST_LABELS));
    }
  }

  /** Whether the same pods are meant, and may go to the same hosts. */
  public boolean concernsTheSameAs(EvacuationOrder other) {
    return purpose == other.purpose
        && Set.copyOf(targets).equals(Set.copyOf(other.targets))
        && Set.copyOf(pods).equals(Set.copyOf(other.pods))
        && selector.equals(other.selector);
  }

  /** Whether a pod with that name and these labels is meant. */
  public boolean means(String pod, Map<String, String> labels) {
    return (pods.isEmpty() || pods.contains(pod))
        && selector.entrySet().stream()
            .allMatch(
                wanted ->
                    labels.containsKey(wanted.getKey())
                        && (wanted.getValue().isEmpty()
                            || wanted.getValue().equals(labels.get(wanted.getKey()))));
  }
}
