package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Blocker;
import io.podkit.migrate.api.CheckRequest;
import io.podkit.migrate.api.Compression;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.Strategy;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckCommandTest {
  private final PodShell shell = new PodShell();

  @Test
  void check_predicts() {
    Result result = shell.run("check", "web", "hostb");
    assertThat(result.code()).isZero();
    Golden.check("check.txt", result.out());
    Golden.check("check.json", shell.run("check", "-o", "json", "web", "hostb").out());
  }

  @Test
  void check_withoutAHostLooksAtThePodAlone() {
    Golden.check("check-alone.txt", shell.run("check", "web").out());
    assertThat(shell.migrations.checks)
        .containsExactly(
            new CheckRequest(
                new PodName("web"),
                null,
                7617,
                Duration.ofSeconds(3),
                MemoryOptions.DEFAULT,
                false));
  }

  @Test
  void check_saysWhatIsInTheWay() {
    shell.migrations.blockers.add(
        new Blocker(
            "descriptor 7", OptionalLong.of(4711), "/dev/mqueue/q", "CRIU cannot dump it", null));
    Result result = shell.run("check", "web");
    assertThat(result.code()).isEqualTo(5);
    Golden.check("check-blocked.txt", result.out());
  }

  @Test
  void check_takesOptions() {
    shell.run("check", "--time", "10s", "--downtime-limit", "50ms", "web", "hostb:9");
    assertThat(shell.migrations.checks)
        .containsExactly(
            new CheckRequest(
                new PodName("web"),
                "hostb",
                9,
                Duration.ofSeconds(10),
                new MemoryOptions(
                    Strategy.AUTO,
                    Duration.ofMillis(50),
                    MemoryOptions.DEFAULT_MAX_ROUNDS,
                    false,
                    OptionalInt.empty(),
                    Compression.AUTO,
                    false),
                false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--time 1ms web | measure for 100 ms to 5 minutes",
        "--time x web | --time: 'x' is not a time span",
        "--downtime-limit 0 web | a downtime limit is above zero",
        "web :80 | is not a target",
        "../x | is not a pod name"
      })
  void check_refuses(String line, String why) {
    Result result = shell.run(("check " + line).split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(why);
  }

  @Test
  void check_thatCannotBeMadeIsRefused() {
    shell.migrations.failure = PodkitException.of(ErrorKind.UNSUPPORTED, "cannot measure");
    Result result = shell.run("check", "web");
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.out()).isEmpty();
  }
}
