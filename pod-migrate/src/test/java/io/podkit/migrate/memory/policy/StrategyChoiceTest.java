package io.podkit.migrate.memory.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.memory.policy.Abilities.Ability;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StrategyChoiceTest {
  private static final Set<Ability> ALL = EnumSet.allOf(Ability.class);
  private static final Set<Ability> ROUNDS = Set.of(Ability.PAGE_ROUNDS);

  private static Abilities abilities(String tracker, Set<Ability> here, Set<Ability> there) {
    return new Abilities(tracker, "Linux 5.12 cannot track writes", here, there, "hostb");
  }

  @Test
  void auto_isPreCopyWhereItCanBe() throws PodkitException {
    StrategyChoice choice = StrategyChoice.of(Strategy.AUTO, abilities("wp-async", ROUNDS, ROUNDS));
    assertThat(choice.strategy()).isEqualTo(Strategy.PRE_COPY);
    assertThat(choice.reason()).contains("wp-async");
  }

  @ParameterizedTest
  @CsvSource({
    "none, true, true, dirty pages cannot be told: Linux 5.12 cannot track writes",
    "wp-async, false, true, this host cannot move memory in rounds",
    "wp-async, true, false, hostb cannot move memory in rounds",
    "wp-async, false, false, this host and hostb cannot move memory in rounds"
  })
  void auto_isStopCopyElseAndSaysWhy(String tracker, boolean here, boolean there, String why)
      throws PodkitException {
    Abilities abilities = abilities(tracker, here ? ALL : Set.of(), there ? ALL : Set.of());
    assertThat(StrategyChoice.of(Strategy.AUTO, abilities))
        .isEqualTo(new StrategyChoice(Strategy.STOP_COPY, "no pre-copy: " + why));
  }

  @ParameterizedTest
  @CsvSource({
    "PRE_COPY, none, true, or a kernel that can track writes",
    "HYBRID, wp-async, false, take --strategy pre-copy",
    "POST_COPY, none, false, leave --strategy out"
  })
  void impossibleStrategies_areRefusedWithCauseAndCure(
      Strategy wanted, String tracker, boolean faults, String cure) {
    Abilities abilities = abilities(tracker, ALL, faults ? ALL : ROUNDS);
    assertThatThrownBy(() -> StrategyChoice.of(wanted, abilities))
        .isInstanceOfSatisfying(
            PodkitException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
              assertThat(e.what()).startsWith("no " + wanted.label() + " to hostb: ");
              assertThat(Objects.requireNonNull(e.hint()).toString()).contains(cure);
            });
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void aContainer_leavesNoMemoryBehind(Strategy wanted) throws PodkitException {
    if (wanted.leavesMemoryBehind()) {
      assertThatThrownBy(() -> StrategyChoice.requireForContainer(wanted))
          .isInstanceOfSatisfying(
              PodkitException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
                assertThat(e.what()).startsWith("no " + wanted.label() + " of a container");
                assertThat(Objects.requireNonNull(e.hint()).toString()).contains("pre-copy");
              });
    } else {
      StrategyChoice.requireForContainer(wanted);
    }
  }

  @ParameterizedTest
  @CsvSource({"STOP_COPY, none", "POST_COPY, wp-async", "PRE_COPY, wp-async", "HYBRID, wp-async"})
  void possibleStrategies_areTaken(Strategy wanted, String tracker) throws PodkitException {
    Abilities abilities = abilities(tracker, ALL, ALL);
    assertThat(StrategyChoice.of(wanted, abilities).strategy()).isEqualTo(wanted);
    assertThat(StrategyChoice.isPossible(wanted, abilities)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "STOP_COPY, none, true",
    "PRE_COPY, none, false",
    "POST_COPY, none, false",
    "HYBRID, none, false",
    "PRE_COPY, wp-async, true",
    "POST_COPY, wp-async, false",
    "HYBRID, wp-async, false"
  })
  void isPossible_isWhatBothHostsCanDo(Strategy wanted, String tracker, boolean possible) {
    Abilities abilities = abilities(tracker, ALL, ROUNDS);
    assertThat(StrategyChoice.isPossible(wanted, abilities)).isEqualTo(possible);
  }
}
