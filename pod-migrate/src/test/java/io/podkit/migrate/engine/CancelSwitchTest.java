package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancelSwitchTest {
  private final PodkitException why = PodkitException.cancelled("no longer wanted");
  private final CancelSwitch cancel = new CancelSwitch();
  private final AtomicInteger cut = new AtomicInteger();

  @Test
  void cancel_afterTheGrantIsTooLate() throws Exception {
    cancel.onCancel(cut::incrementAndGet);
    cancel.grant();
    assertThat(cancel.cancel(why)).isFalse();
    assertThat(cut).hasValue(0);
    cancel.check();
  }

  @Test
  void grant_afterACancelIsRefused() {
    assertThat(cancel.cancel(why)).isTrue();
    assertThatThrownBy(cancel::grant).hasMessageContaining("no longer wanted");
  }

  @Test
  void cancel_runsEachActionOnce() {
    cancel.onCancel(cut::incrementAndGet);
    cancel.cancel(why);
    cancel.cancel(PodkitException.timeout("too long"));
    assertThat(cut).hasValue(1);
  }

  @Test
  void onCancel_runsAtOnceWhenCancelled() {
    cancel.cancel(why);
    cancel.onCancel(cut::incrementAndGet);
    assertThat(cut).hasValue(1);
  }

  @Test
  void explain_saysCancelledOfAConnectionThatWeCut() {
    cancel.cancel(why);
    PodkitException lost = PodkitException.peer("the connection broke", null);
    assertThat(cancel.explain(lost).kind()).isEqualTo(ErrorKind.CANCELLED);
    assertThat(cancel.explain(lost).getSuppressed()).contains(lost);
  }

  @Test
  void explain_leavesOtherFailuresAlone() {
    PodkitException lost = PodkitException.peer("the connection broke", null);
    assertThat(cancel.explain(lost)).isSameAs(lost);
  }
}
