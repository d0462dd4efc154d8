package io.podkit.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.cli.option.PodOptions;
import io.podkit.core.api.Capability;
import io.podkit.core.api.NetworkMode;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.ResourceLimits;
import io.podkit.core.api.UserNamespace;
import io.podkit.core.api.VolumeSpec;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodSpecsTest {
  private static PodOptions minimal() {
    PodOptions options = new PodOptions();
    options.name = "web";
    options.image = "nginx";
    return options;
  }

  @Test
  void of_minimalOptionsGiveTheDefaults() throws PodkitException {
    PodSpec spec = PodSpecs.of(minimal(), List.of(), Map.of());

    assertThat(spec.name().value()).isEqualTo("web");
    assertThat(spec.source()).isEqualTo(PodSource.image("nginx"));
    assertThat(spec.command()).isEmpty();
    assertThat(spec.hostname()).isEqualTo("web");
    assertThat(spec.network()).isEqualTo(NetworkMode.BRIDGE);
    assertThat(spec.limits()).isEqualTo(ResourceLimits.NONE);
    assertThat(spec.userns()).isEqualTo(UserNamespace.KEEP);
    assertThat(spec.capabilities()).isEqualTo(Capability.DEFAULT);
    assertThat(spec.noNewPrivileges()).isFalse();
    assertThat(spec.autoRemove()).isFalse();
    assertThat(spec.stopSignal()).isNull();
    assertThat(spec.exposedPorts()).isEmpty();
  }

  @Test
  void of_takesEveryOption() throws PodkitException {
    PodOptions options = new PodOptions();
    options.name = "db";
    options.rootfs = "/srv/tree/../tree";
    options.volumes = List.of("/data:/var/data", "/etc/x:/etc/x:ro");
    options.env = List.of("A=1", "B", "C", "A=2");
    options.user = "postgres:100";
    options.workdir = "/var/data";
    options.hostname = "dbhost";
    options.ip = "10.88.0.9";
    options.memory = "512m";
    options.cpus = "1.5";
    options.pidsLimit = "64";
    options.userns = "host";
    options.capAdd = List.of("NET_ADMIN");
    options.capDrop = List.of("ALL");
    options.securityOpt = List.of("no-new-privileges");
    options.labels = List.of("tier=data", "bare");
    options.interactive = true;
    options.tty = true;
    options.rm = true;
    options.stopSignal = "RTMIN+3";
    options.expose = List.of("443", "53/udp");

    PodSpec spec =
        PodSpecs.of(options, List.of("postgres", "-D", "/var/data"), Map.of("B", "ours"));

    assertThat(spec.source()).isEqualTo(PodSource.rootfs(Path.of("/srv/tree")));
    assertThat(spec.command()).containsExactly("postgres", "-D", "/var/data");
    assertThat(spec.volumes())
        .containsExactly(
            VolumeSpec.of(Path.of("/data"), Path.of("/var/data"), false),
            VolumeSpec.of(Path.of("/etc/x"), Path.of("/etc/x"), true));
    assertThat(spec.env()).isEqualTo(Map.of("A", "2", "B", "ours"));
    assertThat(spec.user()).isEqualTo("postgres:100");
    assertThat(spec.stopSignal()).isEqualTo(37);
    assertThat(spec.exposedPorts()).containsExactly("443/tcp", "53/udp");
    assertThat(spec.workdir()).isEqualTo("/var/data");
    assertThat(spec.hostname()).isEqualTo("dbhost");
    assertThat(spec.ip()).isEqualTo("10.88.0.9");
    assertThat(spec.limits())
        .isEqualTo(
            new ResourceLimits(
                OptionalLong.of(512L << 20), OptionalDouble.of(1.5), OptionalLong.of(64)));
    assertThat(spec.userns()).isEqualTo(UserNamespace.HOST);
    assertThat(spec.capabilities()).containsExactly(Capability.NET_ADMIN);
    assertThat(spec.noNewPrivileges()).isTrue();
    assertThat(spec.labels()).isEqualTo(Map.of("tier", "data", "bare", ""));
    assertThat(spec.interactive()).isTrue();
    assertThat(spec.tty()).isTrue();
    assertThat(spec.autoRemove()).isTrue();
  }

  @Test
  void of_pidsLimitBelowOneIsNone() throws PodkitException {
    for (String unlimited : List.of("0", "-1")) {
      PodOptions options = minimal();
      options.pidsLimit = unlimited;
      assertThat(PodSpecs.of(options, List.of(), Map.of()).limits()).isEqualTo(ResourceLimits.NONE);
    }
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong("'no good' is not a pod name", options -> options.name = "no good"),
        wrong("either --image NAME or --rootfs DIR", options -> options.image = null),
        wrong("either --image NAME or --rootfs DIR", options -> options.rootfs = "/x"),
        wrong("--image: 'UP' is not an image name", options -> options.image = "UP"),
        wrong("--volume: 'data' is not a volume", o -> o.volumes = List.of("data")),
        wrong("--volume: './data:/x': ./data is relative", o -> o.volumes = List.of("./data:/x")),
        wrong("--volume: volume data:x needs", o -> o.volumes = List.of("data:x")),
        wrong("--env: '=1' has no name", options -> options.env = List.of("=1")),
        wrong("working directory 'var' must be absolute", options -> options.workdir = "var"),
        wrong("--network: 'host' is neither", options -> options.network = "host"),
        wrong("--memory: 'much' is not a size", options -> options.memory = "much"),
        wrong("memory limit below 1 MiB", options -> options.memory = "4k"),
        wrong("--cpus: 'two' is not a number", options -> options.cpus = "two"),
        wrong("--cpus: 'NaN' is not a number", options -> options.cpus = "NaN"),
        wrong("--pids-limit: '1.5' is not a number", options -> options.pidsLimit = "1.5"),
        wrong("--userns: 'auto' is neither", options -> options.userns = "auto"),
        wrong("'FLY' is not a capability", options -> options.capAdd = List.of("FLY")),
        wrong(
            "--security-opt: 'seccomp=x' is not known",
            options -> options.securityOpt = List.of("seccomp=x")),
        wrong(
            "--ip needs a network",
            options -> {
              options.network = "none";
              options.ip = "10.0.0.1";
            }));
  }

  private static Arguments wrong(String message, Consumer<PodOptions> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void of_refusesAndNamesTheOption(String message, Consumer<PodOptions> change) {
    PodOptions options = minimal();
    change.accept(options);

    assertThatThrownBy(() -> PodSpecs.of(options, List.of(), Map.of()))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USAGE))
        .hasMessageContaining(message);
  }
}
