package io.podkit.tests.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequiresConditionTest {

  @Test
  void runs_whenAllIsThere() {
    assertThat(RequiresCondition.decide(null, true).isDisabled()).isFalse();
  }

  @Test
  void skips_withTheCure() {
    assertThat(RequiresCondition.decide("CRIU is missing: set it up", false))
        .matches(result -> result.isDisabled())
        .extracting(result -> result.getReason().orElse(""))
        .isEqualTo("CRIU is missing: set it up");
  }

  @Test
  void fails_inContinuousIntegration() {
    assertThatThrownBy(() -> RequiresCondition.decide("CRIU is missing", true))
        .hasMessage("CRIU is missing");
  }
}
