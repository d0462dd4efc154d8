package io.podkit.cli.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Finds what somebody who mistyped a word may have meant. */
final class Suggestions {
  /** Shorter words than this are all alike. */
  private static final int LETTERS_FOR_ONE_SLIP = 3;

  private Suggestions() {}

  /**
   * The candidates nearest to {@code word}, if they are near: one slip of the fingers (a letter
   * left out, added, changed or swapped with the next) in three letters.
   */
  static List<String> nearest(String word, Collection<String> candidates) {
    int best = Math.max(1, bare(word).length() / LETTERS_FOR_ONE_SLIP);
    List<String> nearest = new ArrayList<>();
    for (String candidate : candidates) {
      boolean begun = bare(word).length() > 2 && candidate.startsWith(word);
      int distance = begun ? 0 : slips(word, candidate);
      if (distance < best) {
        best = distance;
        nearest.clear();
      }
      if (distance == best) {
        nearest.add(candidate);
      }
    }
    return nearest;
  }

  private static String bare(String option) {
    return option.startsWith("--") ? option.substring(2) : option;
  }

  /** The optimal string alignment distance. */
  private static int slips(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        least = Math.min(least, cost[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
      }
    }
    return cost[from.length()][to.length()];
  }
}
