package io.podkit.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodStateTest {
  /** Written out a second time on purpose: every pair that is not here must be refused. */
  private static final Map<PodState, Set<PodState>> LEGAL = new HashMap<>();

  static {
    LEGAL.put(PodState.CREATED, EnumSet.of(PodState.RUNNING));
    LEGAL.put(PodState.RUNNING, EnumSet.of(PodState.EXITED, PodState.LEAVING));
    LEGAL.put(PodState.EXITED, EnumSet.of(PodState.RUNNING));
    LEGAL.put(PodState.CHECKPOINTED, EnumSet.of(PodState.RUNNING));
    LEGAL.put(
        PodState.LEAVING,
        EnumSet.of(PodState.RUNNING, PodState.EXITED, PodState.IN_DOUBT, PodState.CHECKPOINTED));
    LEGAL.put(PodState.IN_DOUBT, EnumSet.of(PodState.LEAVING, PodState.SERVING));
    LEGAL.put(PodState.SERVING, EnumSet.of(PodState.LEAVING));
    LEGAL.put(PodState.ARRIVING, EnumSet.of(PodState.RUNNING));
  }

  @Test
  void canBecome_allowsExactlyTheDrawnSteps() {
    for (PodState from : PodState.values()) {
      for (PodState to : PodState.values()) {
        assertThat(from.canBecome(to))
            .as("%s -> %s", from, to)
            .isEqualTo(LEGAL.getOrDefault(from, Set.of()).contains(to));
      }
    }
  }

  @Test
  void leaving_neverBecomesArrivingOrCreated() {
    assertThat(PodState.LEAVING.successors()).doesNotContain(PodState.ARRIVING, PodState.CREATED);
  }
}
