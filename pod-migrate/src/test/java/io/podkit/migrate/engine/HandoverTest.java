package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.MigrationState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is asked what, in which order, and when the source may take the pod back. */
class HandoverTest {
  private final List<String> steps = new ArrayList<>();
  private final CancelSwitch cancel = new CancelSwitch();

  @Test
  void run_recordsBeforeItGrants() throws Exception {
    handover(null, null, MigrationState.UNKNOWN).run();
    assertThat(steps).containsExactly("note", "record", "grant");
  }

  @Test
  void run_changesNothingOfThePodWhenItWasCancelled() {
    cancel.cancel(PodkitException.cancelled("no longer wanted"));
    assertThatThrownBy(() -> handover(null, null, MigrationState.UNKNOWN).run())
        .isInstanceOf(PodkitException.class);
    assertThat(steps).containsExactly("note");
  }

  @Test
  void run_takesBackWithoutAskingWhenItCouldNotRecord() {
    PodkitException full = PodkitException.internal("no space", null);
    assertThatThrownBy(() -> handover(full, null, MigrationState.UNKNOWN).run()).isSameAs(full);
    assertThat(steps).containsExactly("note", "record", "take back");
  }

  @Test
  void run_takesBackWhenTheTargetAborted() {
    assertThatThrownBy(() -> handover(null, lost(), MigrationState.ABORTED).run())
        .hasMessageContaining("did not take the pod");
    assertThat(steps).containsExactly("note", "record", "grant", "hang up", "ask", "take back");
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "FILLING"})
  void run_succeedsWhenOnlyTheAnswerWasLost(MigrationState state) throws Exception {
    handover(null, lost(), state).run();
    assertThat(steps).containsExactly("note", "record", "grant", "hang up", "ask");
  }

  private static PodkitException lost() {
    return PodkitException.peer("the connection broke", null);
  }

  private Handover handover(
      @Nullable PodkitException record, @Nullable PodkitException grant, MigrationState answer) {
    Handover.Target target =
        new Handover.Target() {
          @Override
          public void grant() throws PodkitException {
            steps.add("grant");
            if (grant != null) {
              throw grant;
            }
          }

          @Override
          public void hangUp() {
            steps.add("hang up");
          }
        };
    DoubtResolver doubt =
        new DoubtResolver(
            () -> {
              steps.add("ask");
              return answer;
            },
            "who owns it");
    RecordingDeparture departure = new RecordingDeparture(null, steps);
    if (record != null) {
      departure.failToGrant(record);
    }
    return new Handover(departure, target, cancel, doubt, () -> steps.add("note"));
  }
}
