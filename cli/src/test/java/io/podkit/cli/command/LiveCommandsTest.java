package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveCommandsTest {
  private final PodShell shell = new PodShell();

  @ParameterizedTest
  @CsvSource({
    "set-downtime web 500ms, downtime web PT0.5S",
    "set-bandwidth web 1k/s, bandwidth web OptionalLong[1024]",
    "set-bandwidth web unlimited, bandwidth web OptionalLong.empty",
    "switch-to-post-copy web, post-copy web",
    "cancel web, cancel web"
  })
  void orders_areSilentWhenDone(String line, String call) {
    assertThat(shell.run(("migration " + line).split(" "))).isEqualTo(new Result(0, "", ""));
    assertThat(shell.migrations.calls).containsExactly(call);
  }

  @Test
  void status() {
    Golden.check("migration-status.txt", shell.run("migration", "status", "web").out());
    Golden.check(
        "migration-status.json", shell.run("migration", "status", "-o", "json", "web").out());
  }

  @ParameterizedTest
  @CsvSource({
    "cancel db, 3, no migration of pod db runs on this host",
    "status db, 3, no migration of pod db runs on this host",
    "set-downtime web soon, 2, time: 'soon' is not a time span",
    "set-bandwidth web 0, 2, rate: '0' would never end",
    "set-bandwidth web, 2, missing required parameter",
    "cancel ../x, 2, is not a pod name"
  })
  void failures_haveTheirCodes(String line, int code, String message) {
    Result result = shell.run(("migration " + line).split(" "));
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.err()).contains(message);
    assertThat(shell.migrations.calls).isEmpty();
  }
}
