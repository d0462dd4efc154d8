package io.podkit.core.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a user asked a pod to be. Immutable; it travels with the pod, so it holds nothing that is
 * true only of one host.
 *
 * @param name its name
 * @param source what its files are stacked on
 * @param command the program and its arguments, never empty once the pod is created
 * @param env environment of the command, added to a default PATH, HOME and TERM
 * @param user {@code NAME|UID[:GROUP|GID]} looked up in the pod's own passwd file, or null for root
 * @param workdir directory in the pod the command starts in
 * @param hostname host name in the pod
 * @param network how it is connected
 * @param ip the IPv4 address asked for, or null to be given one
 * @param limits what it may use at most
 * @param userns whose user namespace it lives in
 * @param capabilities the capabilities its processes can ever have
 * @param noNewPrivileges whether set-user-ID programs gain nothing
 * @param volumes directories of the host it sees
 * @param tty whether the command has a terminal
 * @param interactive whether the command's standard input stays open for {@code attach}
 * @param autoRemove whether the pod is removed when it ends
 * @param labels free key-value pairs for the user's own bookkeeping
 * @param stopSignal number of the signal that asks its command to end, or null for SIGTERM
 * @param exposedPorts what it listens on, {@code 80/tcp}; for people to know
 */
public record PodSpec(
    PodName name,
    PodSource source,
    List<String> command,
    Map<String, String> env,
    @Nullable String user,
    String workdir,
    String hostname,
    NetworkMode network,
    @Nullable String ip,
    ResourceLimits limits,
    UserNamespace userns,
    Set<Capability> capabilities,
    boolean noNewPrivileges,
    List<VolumeSpec> volumes,
    boolean tty,
    boolean interactive,
    boolean autoRemove,
    Map<String, String> labels,
    @Nullable Integer stopSignal,
    List<String> exposedPorts) {

  public PodSpec {
    command = List.copyOf(command);
    env = Map.copyOf(env);
    capabilities = Set.copyOf(capabilities);
    volumes = List.copyOf(volumes);
    labels = Map.copyOf(labels);
    exposedPorts = List.copyOf(exposedPorts);
    if (!workdir.startsWith("/")) {
      throw new IllegalArgumentException(
          "the working directory '" + workdir + "' must be absolute");
    }
  }

  public static Builder builder(PodName name, PodSource source) {
    return new Builder(name, source);
  }

  /** The same pod by another name; it keeps its host name. */
  public PodSpec renamed(PodName newName) {
    return new PodSpec(
        newName,
        source,
        command,
        env,
        user,
        workdir,
        hostname,
        network,
        ip,
        limits,
        userns,
        capabilities,
        noNewPrivileges,
        volumes,
        tty,
        interactive,
        autoRemove,
        labels,
        stopSignal,
        exposedPorts);
  }

  /** The same pod on other files or with other settings. */
  public Builder toBuilder() {
    Builder builder = new Builder(name, source);
    builder.command = command;
    builder.env.putAll(env);
    builder.user = user;
    builder.workdir = workdir;
    builder.hostname = hostname;
    builder.network = network;
    builder.ip = ip;
    builder.limits = limits;
    builder.userns = userns;
    builder.capabilities = capabilities;
    builder.noNewPrivileges = noNewPrivileges;
    builder.volumes.addAll(volumes);
    builder.tty = tty;
    builder.interactive = interactive;
    builder.autoRemove = autoRemove;
    builder.labels.putAll(labels);
    builder.stopSignal = stopSignal;
    builder.exposedPorts.addAll(exposedPorts);
    return builder;
  }

  /** Collects a spec; not thread-safe. */
  public static final class Builder {
    private final PodName name;
    private PodSource source;
    private List<String> command = List.of();
    private final Map<String, String> env = new LinkedHashMap<>();
    private @Nullable String user;
    private String workdir = "/";
    private @Nullable String hostname;
    private NetworkMode network = NetworkMode.BRIDGE;
    private @Nullable String ip;
    private ResourceLimits limits = ResourceLimits.NONE;
    private UserNamespace userns = UserNamespace.KEEP;
    private Set<Capability> capabilities = Capability.DEFAULT;
    private boolean noNewPrivileges;
    private final List<VolumeSpec> volumes = new ArrayList<>();
    private boolean tty;
    private boolean interactive;
    private boolean autoRemove;
    private final Map<String, String> labels = new LinkedHashMap<>();
    private @Nullable Integer stopSignal;
    private final Set<String> exposedPorts = new TreeSet<>();

    private Builder(PodName name, PodSource source) {
      this.name = name;
      this.source = source;
    }

    public Builder source(PodSource value) {
      source = value;
      return this;
    }

    public Builder command(List<String> value) {
      command = List.copyOf(value);
      return this;
    }

    public Builder env(Map<String, String> value) {
      env.putAll(value);
      return this;
    }

    public Builder user(@Nullable String value) {
      user = value;
      return this;
    }

    public Builder workdir(String value) {
      workdir = value;
      return this;
    }

    public Builder hostname(@Nullable String value) {
      hostname = value;
      return this;
    }

    public Builder network(NetworkMode value) {
      network = value;
      return this;
    }

    public Builder ip(@Nullable String value) {
      ip = value;
      return this;
    }

    public Builder limits(ResourceLimits value) {
      limits = value;
      return this;
    }

    public Builder userns(UserNamespace value) {
      userns = value;
      return this;
    }

    public Builder capabilities(Set<Capability> value) {
      capabilities = Set.copyOf(value);
      return this;
    }

    public Builder noNewPrivileges(boolean value) {
      noNewPrivileges = value;
      return this;
    }

    public Builder volumes(List<VolumeSpec> value) {
      volumes.addAll(value);
      return this;
    }

    public Builder tty(boolean value) {
      tty = value;
      return this;
    }

    public Builder interactive(boolean value) {
      interactive = value;
      return this;
    }

    public Builder autoRemove(boolean value) {
      autoRemove = value;
      return this;
    }

    public Builder labels(Map<String, String> value) {
      labels.putAll(value);
      return this;
    }

    public Builder stopSignal(@Nullable Integer value) {
      stopSignal = value;
      return this;
    }

    public Builder exposedPorts(List<String> value) {
      exposedPorts.addAll(value);
      return this;
    }

    public PodSpec build() {
      return new PodSpec(
          name,
          source,
          command,
          env,
          user,
          workdir,
          Objects.requireNonNullElse(hostname, name.value()),
          network,
          ip,
          limits,
          userns,
          capabilities,
          noNewPrivileges,
          volumes,
          tty,
          interactive,
          autoRemove,
          labels,
          stopSignal,
          List.copyOf(exposedPorts));
    }
  }
}
