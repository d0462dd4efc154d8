package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.MigrationState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DoubtResolverTest {
  private static final Duration SECONDS = Duration.ofSeconds(10);

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "FILLING"})
  void runningOrFilling_meansTheTargetOwnsIt(MigrationState state) throws Exception {
    assertThat(answering(state).targetOwns(Duration.ZERO)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "FILLING", "ABORTED", "UNKNOWN"})
  void resolve_isTheTargetsOwnWord(MigrationState state) throws Exception {
    assertThat(answering(MigrationState.HELD, state).resolve(SECONDS)).isEqualTo(state);
  }

  @ParameterizedTest
  @EnumSource(names = {"ABORTED", "UNKNOWN"})
  void abortedOrUnknown_meansItNeverWill(MigrationState state) throws Exception {
    assertThat(answering(state).targetOwns(Duration.ZERO)).isFalse();
  }

  @Test
  void undecided_isAskedAgain() throws Exception {
    assertThat(
            answering(MigrationState.HELD, MigrationState.OWNED, MigrationState.RUNNING)
                .targetOwns(SECONDS))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"PREPARING", "HELD", "OWNED"})
  void undecided_isNoAnswerWhenPatienceEnds(MigrationState state) {
    assertInDoubt(answering(state));
  }

  @Test
  void silence_isNoAnswer() {
    assertInDoubt(
        new DoubtResolver(
            () -> {
              throw PodkitException.peer("nobody there", null);
            },
            "who owns it"));
  }

  @Test
  void silence_isAskedAgain() throws Exception {
    Deque<Boolean> reachable = new ArrayDeque<>(List.of(false, true));
    DoubtResolver doubt =
        new DoubtResolver(
            () -> {
              if (!reachable.remove()) {
                throw PodkitException.peer("nobody there", null);
              }
              return MigrationState.ABORTED;
            },
            "who owns it");
    assertThat(doubt.targetOwns(SECONDS)).isFalse();
  }

  private static void assertInDoubt(DoubtResolver doubt) {
    assertThatThrownBy(() -> doubt.targetOwns(Duration.ZERO))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.IN_DOUBT));
  }

  private static DoubtResolver answering(MigrationState... states) {
    Deque<MigrationState> answers = new ArrayDeque<>(List.of(states));
    return new DoubtResolver(answers::remove, "who owns it");
  }
}
