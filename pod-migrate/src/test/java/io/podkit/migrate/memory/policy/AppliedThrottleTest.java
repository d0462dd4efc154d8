package io.podkit.migrate.memory.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.CpuThrottle;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppliedThrottleTest {
  private final List<String> calls = new ArrayList<>();
  private int failures;

  private final AppliedThrottle throttle =
      new AppliedThrottle(
          new CpuThrottle() {
            @Override
            public void apply(int percent) throws PodkitException {
              calls.add("apply " + percent);
              fail();
            }

            @Override
            public void remove() throws PodkitException {
              calls.add("remove");
              fail();
            }

            private void fail() throws PodkitException {
              if (failures-- > 0) {
                throw PodkitException.of(ErrorKind.IO, "cannot write cpu.max");
              }
            }
          });

  @Test
  void nothingApplied_nothingRemoved() throws PodkitException {
    throttle.close();
    assertThat(calls).isEmpty();
  }

  @Test
  void applied_isRemovedOnce() throws PodkitException {
    throttle.apply(80);
    throttle.apply(60);
    assertThat(throttle.percent()).isEqualTo(60);
    throttle.close();
    throttle.close();
    assertThat(calls).containsExactly("apply 80", "apply 60", "remove");
    assertThat(throttle.percent()).isEqualTo(AppliedThrottle.NONE);
  }

  @Test
  void failedApply_isRemovedToo() throws PodkitException {
    failures = 1;
    assertThatThrownBy(() -> throttle.apply(80)).isInstanceOf(PodkitException.class);
    throttle.close();
    assertThat(calls).containsExactly("apply 80", "remove");
  }

  @Test
  void failedRemoval_isTriedAgain() throws PodkitException {
    throttle.apply(80);
    failures = 1;
    throttle.close();
    assertThat(calls).containsExactly("apply 80", "remove", "remove");
  }

  @Test
  void removalThatFailsTwice_isSaidAndTriedAtTheNextClose() throws PodkitException {
    throttle.apply(80);
    failures = 2;
    assertThatThrownBy(throttle::close).hasMessageContaining("cpu.max");
    throttle.close();
    assertThat(calls).containsExactly("apply 80", "remove", "remove", "remove");
  }

  @Test
  void itOnlyGetsTighter() throws PodkitException {
    throttle.apply(60);
    assertThatIllegalArgumentException().isThrownBy(() -> throttle.apply(60));
    assertThatIllegalArgumentException().isThrownBy(() -> throttle.apply(80));
    assertThatIllegalArgumentException().isThrownBy(() -> throttle.apply(0));
    assertThat(calls).containsExactly("apply 60");
  }
}
