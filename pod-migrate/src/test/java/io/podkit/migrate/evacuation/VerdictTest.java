package io.podkit.migrate.evacuation;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.core.api.PodState;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, PEER, false, MOVED",
        "-, CANCELLED, true, MOVED",
        "-, NOT_FOUND, false, ENDED",
        "RUNNING, PEER, false, ELSEWHERE",
        "RUNNING, REFUSED, false, ELSEWHERE",
        "RUNNING, CRIU, false, ELSEWHERE",
        "RUNNING, TIMEOUT, false, ELSEWHERE",
        "RUNNING, CONFLICT, false, AGAIN",
        "RUNNING, CANCELLED, true, GIVEN_UP",
        "RUNNING, TIMEOUT, true, GIVEN_UP",
        "LEAVING, PEER, false, IN_DOUBT",
        "IN_DOUBT, IN_DOUBT, true, IN_DOUBT",
        "SERVING, PEER, false, IN_DOUBT",
        "EXITED, PEER, false, ENDED"
      })
  void isDecidedByWhatTheHostSaysOfThePod(
      @Nullable PodState state, ErrorKind kind, boolean ending, Verdict verdict) {
    assertThat(Verdict.of(state, PodkitException.of(kind, "no"), ending)).isEqualTo(verdict);
  }

  @Test
  void aMoveThatEndedWellHasMoved() {
    assertThat(Verdict.of(null, null, false)).isEqualTo(Verdict.MOVED);
  }
}
