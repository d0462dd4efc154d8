package io.podkit.core.container;

import io.podkit.core.api.Capability;
import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.NetworkMode;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.ResourceLimits;
import io.podkit.core.api.UserNamespace;
import io.podkit.core.store.Credentials;
import io.podkit.core.store.PodRecord;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says of a container what a pod's record says of a pod. What an engine did not tell is left out.
 */
final class ContainerRecords {
  /** As many as a pod's id has. */
  private static final int SHORT_ID = 12;

  /** Engines write -1 for all of them. */
  private static final double LEAST_CPUS = 0.01;

  private static final String STOP_SIGNAL = "org.opencontainers.image.stopSignal";
  private static final String IMAGE = "io.kubernetes.cri-o.ImageName";
  private static final String MANAGER = "io.container.manager";

  private ContainerRecords() {}

  /** {@code podman}, {@code cri-o}, or {@code oci} for an engine that does not say. */
  static String engine(ContainerConfig config) {
    return switch (config.notes().getOrDefault(MANAGER, "")) {
      case "libpod" -> "podman";
      case "cri-o" -> "cri-o";
      default -> "oci";
    };
  }

  /** What it is called where its name is not known, or taken. */
  static PodName shortName(ContainerNote note) {
    String id = note.id().length() > SHORT_ID ? note.id().substring(0, SHORT_ID) : note.id();
    String legal = id.replaceAll("[^a-zA-Z0-9_.-]", "_");
    return new PodName(PodName.isLegal(legal) ? legal : "container" + legal);
  }

  static PodRecord of(
      ContainerNote note,
      PodName name,
      @Nullable String image,
      ContainerConfig config,
      @Nullable NetworkAddress address) {
    return new PodRecord(
        PodRecord.SCHEMA_VERSION,
        note.id().length() > SHORT_ID ? note.id().substring(0, SHORT_ID) : note.id(),
        spec(note, name, image, config, address),
        new Credentials(uid(config), gid(config), List.of(), "/"),
        PodState.RUNNING,
        note.noted(),
        note.noted(),
        note.init(),
        address,
        List.of(),
        null,
        null);
  }

  private static PodSpec spec(
      ContainerNote note,
      PodName name,
      @Nullable String image,
      ContainerConfig config,
      @Nullable NetworkAddress address) {
    ContainerConfig.Program process = config.process();
    PodSpec.Builder spec =
        PodSpec.builder(name, PodSource.image(image(image, note, config)))
            .hostname(config.hostname())
            .network(address == null ? NetworkMode.NONE : NetworkMode.BRIDGE)
            .limits(limits(config))
            .userns(isPrivate(config) ? UserNamespace.KEEP : UserNamespace.HOST)
            .stopSignal(stopSignal(config));
    if (process != null) {
      spec.command(process.args())
          .env(environment(process.env()))
          .workdir(process.cwd() != null && process.cwd().startsWith("/") ? process.cwd() : "/")
          .user(uid(config) + gid(config) == 0 ? null : uid(config) + ":" + gid(config))
          .capabilities(capabilities(process))
          .noNewPrivileges(Boolean.TRUE.equals(process.noNewPrivileges()))
          .tty(Boolean.TRUE.equals(process.terminal()));
    }
    return spec.build();
  }

  private static String image(@Nullable String image, ContainerNote note, ContainerConfig config) {
    return Objects.requireNonNullElseGet(
        image, () -> config.notes().getOrDefault(IMAGE, "of-" + shortName(note)));
  }

  private static boolean isPrivate(ContainerConfig config) {
    return config.linux() != null && !config.linux().uidMappings().isEmpty();
  }

  private static ContainerConfig.User user(ContainerConfig config) {
    ContainerConfig.Program program = config.process();
    return program == null || program.user() == null
        ? new ContainerConfig.User(0, 0)
        : program.user();
  }

  private static int uid(ContainerConfig config) {
    return Objects.requireNonNullElse(user(config).uid(), 0);
  }

  private static int gid(ContainerConfig config) {
    return Objects.requireNonNullElse(user(config).gid(), 0);
  }

  private static Map<String, String> environment(List<String> pairs) {
    Map<String, String> env = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        env.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return env;
  }

  private static Set<Capability> capabilities(ContainerConfig.Program process) {
    Set<Capability> found = EnumSet.noneOf(Capability.class);
    List<String> names =
        process.capabilities() == null ? List.of() : process.capabilities().bounding();
    for (Capability capability : Capability.values()) {
      if (names.contains("CAP_" + capability.name())) {
        found.add(capability);
      }
    }
    return found;
  }

  private static ResourceLimits limits(ContainerConfig config) {
    ContainerConfig.Resources given = config.linux() == null ? null : config.linux().resources();
    if (given == null) {
      return ResourceLimits.NONE;
    }
    return new ResourceLimits(
        atLeast(1 << 20, given.memory() == null ? null : given.memory().limit()),
        cpus(given.cpu()),
        atLeast(2, given.pids() == null ? null : given.pids().limit()));
  }

  /** Engines write 0 or -1 for no limit. */
  private static OptionalLong atLeast(long least, @Nullable Long limit) {
    return limit == null || limit < least ? OptionalLong.empty() : OptionalLong.of(limit);
  }

  private static OptionalDouble cpus(ContainerConfig.@Nullable Cpu cpu) {
    if (cpu == null || cpu.quota() == null || cpu.period() == null || cpu.period() <= 0) {
      return OptionalDouble.empty();
    }
    double cpus = (double) cpu.quota() / cpu.period();
    return cpus < LEAST_CPUS ? OptionalDouble.empty() : OptionalDouble.of(cpus);
  }

  /** podman writes a number; the image specification allows a name, which podman resolves. */
  private static @Nullable Integer stopSignal(ContainerConfig config) {
    String signal = config.notes().getOrDefault(STOP_SIGNAL, "");
    return signal.matches("[1-9][0-9]?") ? Integer.valueOf(signal) : null;
  }
}
