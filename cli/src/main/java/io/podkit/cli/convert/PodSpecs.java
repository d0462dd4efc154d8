package io.podkit.cli.convert;

import io.podkit.cli.option.PodOptions;
import io.podkit.core.api.Capability;
import io.podkit.core.api.NetworkMode;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.ResourceLimits;
import io.podkit.core.api.UserNamespace;
import io.podkit.core.api.VolumeSpec;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ExposedPort;
import io.podkit.fs.api.ImageName;
import io.podkit.linux.SignalName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Makes a {@link PodSpec} of the options of {@code run} and {@code create}. */
public final class PodSpecs {
  private static final String NO_NEW_PRIVILEGES = "no-new-privileges";

  private PodSpecs() {}

  /**
   * The pod that was asked for.
   *
   * @param command empty for the image's own
   * @param environment our variables, for {@code --env NAME}
   * @throws PodkitException USAGE, naming the option that is wrong
   */
  public static PodSpec of(
      PodOptions options, List<String> command, Map<String, String> environment)
      throws PodkitException {
    PodName name = Typed.value("--name", options.name, PodName::new);
    PodSpec.Builder builder =
        PodSpec.builder(name, source(options))
            .command(command)
            .env(Typed.environment(options.env, environment))
            .user(options.user)
            .hostname(options.hostname)
            .network(network(options))
            .ip(options.ip)
            .limits(limits(options))
            .userns(userns(options))
            .capabilities(Typed.combined(() -> Capability.resolve(options.capAdd, options.capDrop)))
            .noNewPrivileges(noNewPrivileges(options.securityOpt))
            .volumes(Typed.values("--volume", options.volumes, VolumeSpec::parse))
            .tty(options.tty)
            .interactive(options.interactive)
            .autoRemove(options.rm)
            .labels(Typed.labels(options.labels))
            .exposedPorts(Typed.values("--expose", options.expose, ExposedPort::parse));
    if (options.stopSignal != null) {
      builder.stopSignal(Typed.value("--stop-signal", options.stopSignal, SignalName::parse));
    }
    if (options.workdir != null) {
      builder.workdir(options.workdir);
    }
    return Typed.combined(builder::build);
  }

  private static PodSource source(PodOptions options) throws PodkitException {
    if ((options.image == null) == (options.rootfs == null)) {
      throw PodkitException.usage("give the pod its files: either --image NAME or --rootfs DIR");
    }
    if (options.image != null) {
      return PodSource.image(Typed.value("--image", options.image, ImageName::new).value());
    }
    return Typed.value("--rootfs", options.rootfs, text -> PodSource.rootfs(Path.of(text)));
  }

  private static NetworkMode network(PodOptions options) throws PodkitException {
    if (options.network == null || options.network.equals("bridge")) {
      return NetworkMode.BRIDGE;
    }
    if (!options.network.equals("none")) {
      throw PodkitException.usage(
          "--network: '" + options.network + "' is neither bridge nor none");
    }
    if (options.ip != null) {
      throw PodkitException.usage("--ip needs a network, and --network none gives none");
    }
    return NetworkMode.NONE;
  }

  private static UserNamespace userns(PodOptions options) throws PodkitException {
    if (options.userns == null || options.userns.equals("keep")) {
      return UserNamespace.KEEP;
    }
    if (options.userns.equals("host")) {
      return UserNamespace.HOST;
    }
    throw PodkitException.usage("--userns: '" + options.userns + "' is neither keep nor host");
  }

  private static ResourceLimits limits(PodOptions options) throws PodkitException {
    OptionalLong memory =
        options.memory == null
            ? OptionalLong.empty()
            : OptionalLong.of(Typed.value("--memory", options.memory, ByteSize::parse));
    OptionalDouble cpus =
        options.cpus == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(Typed.value("--cpus", options.cpus, PodSpecs::number));
    OptionalLong pids =
        options.pidsLimit == null
            ? OptionalLong.empty()
            : Typed.value("--pids-limit", options.pidsLimit, PodSpecs::countOrUnlimited);
    return Typed.combined(() -> new ResourceLimits(memory, cpus, pids));
  }

  private static OptionalLong countOrUnlimited(String text) {
    if (!text.matches("-1|\\d{1,18}")) {
      throw new IllegalArgumentException("'" + text + "' is not a number of processes");
    }
    long count = Long.parseLong(text);
    return count <= 0 ? OptionalLong.empty() : OptionalLong.of(count);
  }

  private static double number(String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below, in words for users
    }
    throw new IllegalArgumentException("'" + text + "' is not a number");
  }

  private static boolean noNewPrivileges(List<String> options) throws PodkitException {
    boolean result = false;
    for (String option : options) {
      // podman separates the value by '=', docker also by ':'
      switch (option.replace(':', '=')) {
        case NO_NEW_PRIVILEGES, NO_NEW_PRIVILEGES + "=true" -> result = true;
        case NO_NEW_PRIVILEGES + "=false" -> result = false;
        default ->
            throw PodkitException.usage(
                "--security-opt: '" + option + "' is not known; there is " + NO_NEW_PRIVILEGES);
      }
    }
    return result;
  }
}
