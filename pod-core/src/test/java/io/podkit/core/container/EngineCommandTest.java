package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.core.store.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineCommandTest {
  /** {@code tr '\0' ' ' </proc/PID/cmdline} of a monitor of podman 4.3, shortened. */
  private static final String CONMON =
      "/usr/bin/conmon --api-version 1 -c 7178 -r /usr/bin/runc -b /s/7178/userdata -n r1"
          + " --exit-dir /run/libpod/exits --runtime-arg --log-format=json --exit-command"
          + " /usr/bin/podman --exit-command-arg --root --exit-command-arg /s --exit-command-arg"
          + " --network-config-dir --exit-command-arg  --exit-command-arg --runtime"
          + " --exit-command-arg runc --exit-command-arg container --exit-command-arg cleanup"
          + " --exit-command-arg 7178";

  @Test
  void theEnginesOptionsAreThoseItLeftWithTheMonitor() {
    assertThat(EngineCommand.parse(List.of(CONMON.split(" ", -1))).orElseThrow())
        .containsExactly(
            "/usr/bin/podman", "--root", "/s", "--network-config-dir", "", "--runtime", "runc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/usr/bin/conmon -n r1",
        "conmon --exit-command",
        "conmon --exit-command /usr/bin/podman --exit-command-arg --root",
        "conmon --exit-command-arg --root --exit-command-arg container",
        "conmon --exit-command /usr/bin/crio --exit-command-arg container",
        "conmon --exit-command /bin/notpodman --exit-command-arg container"
      })
  void othersAreNotCalled(String line) {
    assertThat(EngineCommand.parse(List.of(line.split(" ", -1)))).isEmpty();
  }

  @Test
  void thePauseIsWhatTheEngineSays() {
    String printed =
        """
        {"podman_checkpoint_duration": 626997, "container_statistics": [{"Id": "38b9",
         "criu_statistics": {"freezing_time": 698, "frozen_time": 341918}}]}
        """;
    assertThat(ContainerArchive.frozen(printed.getBytes(StandardCharsets.UTF_8), Json.mapper()))
        .isEqualTo(Duration.ofNanos(341_918_000));
    for (String other : List.of("", "38b97f", "{}", "{\"container_statistics\": 5}")) {
      assertThat(ContainerArchive.frozen(other.getBytes(StandardCharsets.UTF_8), Json.mapper()))
          .isZero();
    }
  }
}
