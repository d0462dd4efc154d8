package io.podkit.migrate.memory.policy;

import static io.podkit.migrate.memory.policy.Amounts.bytes;

import java.util.List;

/**
 * Whether rounds have stopped paying. A change of the throttle begins a new count of one round: it
 * was made because there were bad rounds already, and rounds are few.
 */
final class Stagnation {
  private Stagnation() {}

  static boolean of(List<RoundStats> history) {
    int size = history.size();
    boolean throttled = size > 0 && history.get(size - 1).throttlePercent() < 100;
    int needed = throttled ? 1 : Convergence.BAD_ROUNDS;
    if (size <= needed) {
      return false;
    }
    for (int i = size - needed; i < size; i++) {
      if (history.get(i).dirtyBytes() <= history.get(i - 1).dirtyBytes() * Convergence.PAYS) {
        return false;
      }
    }
    return true;
  }

  /** What was dirty after the rounds that did not pay: {@code 40.0 MiB, 39.0 MiB, 41.0 MiB}. */
  static String describe(List<RoundStats> history) {
    int from = Math.max(0, history.size() - Convergence.BAD_ROUNDS - 1);
    StringBuilder text = new StringBuilder();
    for (RoundStats round : history.subList(from, history.size())) {
      text.append(text.length() == 0 ? "" : ", ").append(bytes(round.dirtyBytes()));
    }
    return text.toString();
  }
}
