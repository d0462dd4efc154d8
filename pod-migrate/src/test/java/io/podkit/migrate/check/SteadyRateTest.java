package io.podkit.migrate.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SteadyRateTest {
  @Test
  void whileItRises_itIsNotSteady() {
    SteadyRate rate = new SteadyRate();
    assertThat(rate.add(10)).isFalse();
    assertThat(rate.add(100)).isFalse();
    assertThat(rate.add(400)).isFalse();
    assertThat(rate.add(410)).isFalse();
    assertThat(rate.add(390)).isTrue();
    assertThat(rate.rate()).isEqualTo(400);
  }

  @Test
  void aBadWindow_isNoEnd() {
    SteadyRate rate = new SteadyRate();
    rate.add(100);
    assertThat(rate.add(50)).isFalse();
    assertThat(rate.add(200)).isFalse();
  }

  @Test
  void oneWindow_isItsRate() {
    SteadyRate rate = new SteadyRate();
    rate.add(7);
    assertThat(rate.rate()).isEqualTo(7);
  }
}
