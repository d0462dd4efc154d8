package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.cli.fake.Samples;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.api.Recovery.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod that has moved and still needs memory from here. */
class ResumeCommandTest {
  private final PodShell shell = new PodShell();

  private void isHere(PodState state, Action outcome) {
    shell.pods.add(Samples.pod("web", state));
    shell.migrations.outcomes.add(
        new Recovery.Outcome(new PodName("web"), outcome, "as hostb says"));
  }

  @Test
  void resume_givesTheMemoryAndSaysSo() {
    isHere(PodState.SERVING, Action.SERVING);
    assertThat(shell.run("migrate", "--resume", "web"))
        .isEqualTo(
            new Result(
                0,
                """
                POD  RESULT    WHY
                web  released  its new host has all of its memory now
                """,
                "giving pod web's memory to the host where it runs\n"));
    assertThat(shell.migrations.calls).containsExactly("recover web null", "serve web");
    assertThat(shell.migrations.requests).isEmpty();
  }

  @Test
  void resume_json() {
    isHere(PodState.SERVING, Action.SERVING);
    Result result = shell.run("migrate", "--resume", "-o", "json", "web");
    assertThat(result.out()).contains("\"released\"").doesNotContain("serving");
  }

  @Test
  void resume_givesNothingWhereNothingIsWanted() {
    isHere(PodState.IN_DOUBT, Action.RELEASED);
    Result result = shell.run("migrate", "--resume", "web");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("as hostb says");
    assertThat(shell.migrations.calls).containsExactly("recover web null");
  }

  @Test
  void resume_inDoubt_hasItsCode() {
    isHere(PodState.SERVING, Action.STILL_IN_DOUBT);
    assertThat(shell.run("migrate", "--resume", "web").code()).isEqualTo(10);
    assertThat(shell.migrations.calls).containsExactly("recover web null");
  }

  @Test
  void resume_thatBreaksOffAgain_saysWhy() {
    isHere(PodState.SERVING, Action.SERVING);
    shell.migrations.failure = PodkitException.peer("hostb is gone", null);
    Result result = shell.run("migrate", "--resume", "web");
    assertThat(result.code()).isEqualTo(6);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("error: hostb is gone\n");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"LEAVING", "IN_DOUBT", "SERVING"},
      mode = EnumSource.Mode.EXCLUDE)
  void resume_ofAPodThatDoesNotLeave_isRefused(PodState state) {
    isHere(state, Action.SERVING);
    Result result = shell.run("migrate", "--resume", "web");
    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).contains("no migration of pod web from here is to be resumed");
    assertThat(shell.migrations.calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"web hostb", "--dry-run web", "--timeout 3m web", "--bandwidth 5m web", "../web"})
  void resume_takesThePodOnly(String words) {
    isHere(PodState.SERVING, Action.SERVING);
    assertThat(shell.run(("migrate --resume " + words).split(" ")).code()).isEqualTo(2);
    assertThat(shell.migrations.calls).isEmpty();
  }

  @Test
  void recover_ofANamedPod_servesIt_ofAllPods_onlyTells() {
    isHere(PodState.SERVING, Action.SERVING);
    Result all = shell.run("recover");
    assertThat(all.out()).contains("web  serving  as hostb says");
    assertThat(shell.migrations.calls).containsExactly("recover null null");
    shell.migrations.calls.clear();
    assertThat(shell.run("recover", "web").out()).contains("released");
    assertThat(shell.migrations.calls).containsExactly("recover web null", "serve web");
  }
}
