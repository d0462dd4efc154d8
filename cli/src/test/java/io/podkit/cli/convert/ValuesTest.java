package io.podkit.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.cli.option.MemoryChoices;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ImageConfig;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Strategy;
import io.podkit.migrate.api.TargetEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "1b, 1",
    "2k, 2048",
    "2K, 2048",
    "512m, 536870912",
    "1.5g, 1610612736",
    "3GiB, 3221225472",
    "1tb, 1099511627776"
  })
  void byteSize_parses(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "-1", "1x", "1..5g", "9999999t", "0x10", "1 000"})
  void byteSize_refuses(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rate_mayEndInPerSecondAndIsNotZero() {
    assertThat(ByteSize.parseRate("50m/s")).isEqualTo(50 << 20);
    assertThatThrownBy(() -> ByteSize.parseRate("0")).hasMessageContaining("never end");
  }

  @ParameterizedTest
  @CsvSource({
    "90, PT1M30S",
    "0, PT0S",
    "500ms, PT0.5S",
    "30s, PT30S",
    "1m30s, PT1M30S",
    "2h, PT2H",
    "1h1m1s1ms, PT1H1M1.001S"
  })
  void timeSpan_parses(String text, Duration span) {
    assertThat(TimeSpan.parse(text)).isEqualTo(span);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1", "1.5s", "30s1m", "1d", "99999999999"})
  void timeSpan_refuses(String text) {
    assertThatThrownBy(() -> TimeSpan.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "hostb, hostb, 7617",
        "hostb:99, hostb, 99",
        "192.0.2.7:1, 192.0.2.7, 1",
        "fd00::2, fd00::2, 7617",
        "[fd00::2], fd00::2, 7617",
        "[fd00::2]:80, fd00::2, 80",
        ":80, -, 80",
        ":0, -, 0"
      })
  void endpoint_parses(String text, String host, int port) {
    assertThat(Endpoint.parse(text, 7617)).isEqualTo(new Endpoint(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hostb:", "hostb:x", "hostb:65536", "[fd00::2", "[]", "[::1]80"})
  void endpoint_refuses(String text) {
    assertThatThrownBy(() -> Endpoint.parse(text, 7617))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void copyRequest_findsWhichSideIsThePod() throws PodkitException {
    CopyRequest out = CopyRequest.parse("web:/etc/hosts", "/srv/h");
    assertThat(out.intoPod()).isFalse();
    assertThat(out.pod().value()).isEqualTo("web");
    assertThat(out.podPath()).isEqualTo("/etc/hosts");
    assertThat(out.hostPath()).isEqualTo(Path.of("/srv/h"));

    CopyRequest in = CopyRequest.parse("./a:b", "web:/a");
    assertThat(in.intoPod()).isTrue();
    assertThat(in.hostPath().isAbsolute()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"/a, /b", "web:/a, db:/b", "web:, /b", "dir/a:b, /c", "no good:/a, /b"})
  void copyRequest_refuses(String source, String target) {
    assertThatThrownBy(() -> CopyRequest.parse(source, target)).isInstanceOf(PodkitException.class);
  }

  @Test
  void migrationRequest_takesDefaultsAndOptions() throws PodkitException {
    assertThat(
            MigrationRequests.of(
                "web",
                "hostb",
                null,
                null,
                new MemoryChoices(),
                false,
                false,
                false,
                TargetEngine.POD))
        .isEqualTo(MigrationRequest.to(Typed.pod("web"), "hostb"));

    MigrationRequest full =
        MigrationRequests.of(
            "web",
            "hostb:1",
            "2m",
            "10m",
            new MemoryChoices(),
            true,
            false,
            true,
            TargetEngine.POD);
    assertThat(full.port()).isEqualTo(1);
    assertThat(full.timeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(full.bandwidth()).isEqualTo(OptionalLong.of(10 << 20));
    assertThat(full.dryRun()).isTrue();
    assertThat(full.force()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "web, ':80', -, -, not a target",
        "web, hostb:0, -, -, not a target",
        "web, hostb, 0, -, timeout above zero",
        "web, hostb, soon, -, '--timeout: ''soon'' is not a time span'",
        "web, hostb, -, 1b, bandwidth below 1 KiB/s",
        "no good, hostb, -, -, not a pod name"
      })
  void migrationRequest_refuses(
      String pod, String host, String timeout, String bandwidth, String message) {
    assertThatThrownBy(
            () ->
                MigrationRequests.of(
                    pod,
                    host,
                    timeout,
                    bandwidth,
                    new MemoryChoices(),
                    false,
                    false,
                    false,
                    TargetEngine.POD))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @EnumSource(
      value = Strategy.class,
      names = {"POST_COPY", "HYBRID"})
  void migrationRequest_letsNoMemoryFollowAContainer(Strategy strategy) {
    MemoryChoices following = new MemoryChoices();
    following.strategy = strategy;
    assertThatThrownBy(
            () ->
                MigrationRequests.of(
                    "web",
                    "hostb",
                    null,
                    null,
                    following,
                    false,
                    false,
                    false,
                    TargetEngine.PODMAN))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("memory cannot follow");
  }

  @Test
  void imageChanges_readAContainerfilesWords() throws PodkitException {
    ImageConfig config =
        ImageChanges.apply(
            List.of(
                "CMD [\"redis-server\", \"--save\", \"\"]",
                "entrypoint [\"/init\"]",
                "ENV A=1",
                "ENV B=x y",
                "WORKDIR /data",
                "USER redis",
                "STOPSIGNAL 3",
                "EXPOSE 6379 53/udp",
                "VOLUME /data /tmp/x",
                "LABEL tier=cache = 1"));

    assertThat(config)
        .isEqualTo(
            new ImageConfig(
                List.of("/init"),
                List.of("redis-server", "--save", ""),
                List.of("A=1", "B=x y"),
                "/data",
                "redis",
                "SIGQUIT",
                List.of("6379/tcp", "53/udp"),
                List.of("/data", "/tmp/x"),
                Map.of("tier", "cache = 1")));
    assertThat(ImageChanges.apply(List.of("CMD exec redis-server")).command())
        .containsExactly("/bin/sh", "-c", "exec redis-server");
    assertThat(ImageChanges.apply(List.of())).isEqualTo(ImageConfig.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CMD",
        "RUN x",
        "ENV A",
        "ENV =1",
        "CMD [1, {}]",
        "CMD [\"a\"",
        "",
        "STOPSIGNAL no",
        "EXPOSE 0",
        "EXPOSE x/tcp",
        "EXPOSE 9-8",
        "VOLUME data",
        "LABEL x"
      })
  void imageChanges_refuse(String change) {
    assertThatThrownBy(() -> ImageChanges.apply(List.of(change)))
        .isInstanceOf(PodkitException.class)
        .hasMessageStartingWith("--change");
  }
}
