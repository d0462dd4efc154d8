package io.podkit.cli.json;

import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.ResourceLimits;
import io.podkit.core.api.VolumeSpec;
import io.podkit.linux.SignalName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pod with all that is known of it: an element of what {@code pod inspect} prints, and the result
 * of commands that make or bring back one pod. The members up to {@code containerId} are those of
 * {@link PodSummaryJson}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param layers digests of its layers, the lowest first
 * @param migration id of the migration it takes part in
 * @param env variables that were set
 * @param user who the command runs as, if not root
 * @param workdir where the command starts
 * @param hostname the host name it sees
 * @param network bridge or none
 * @param limits what it may use at most
 * @param userns keep or host
 * @param capabilities names without CAP_, sorted
 * @param noNewPrivileges whether set-user-ID programs gain nothing
 * @param volumes directories of the host it sees
 * @param tty whether the command has a terminal
 * @param interactive whether its standard input stays open
 * @param autoRemove whether it is removed when it ends
 * @param labels the user's notes
 * @param stopSignal what asks its command to end
 */
public record PodJson(
    int schemaVersion,
    String id,
    String name,
    @Nullable String image,
    @Nullable String rootfs,
    List<String> command,
    String state,
    @Nullable Integer exitCode,
    @Nullable Long pid,
    String created,
    @Nullable String started,
    @Nullable AddressJson address,
    @Nullable RemoteMemoryJson remoteMemory,
    List<String> exposedPorts,
    @Nullable String engine,
    @Nullable String containerId,
    List<String> layers,
    @Nullable String migration,
    Map<String, String> env,
    @Nullable String user,
    String workdir,
    String hostname,
    String network,
    LimitsJson limits,
    String userns,
    List<String> capabilities,
    boolean noNewPrivileges,
    List<VolumeJson> volumes,
    boolean tty,
    boolean interactive,
    boolean autoRemove,
    Map<String, String> labels,
    String stopSignal) {

  private static final int SIGTERM = 15;

  /**
   * Limits; null is none.
   *
   * @param memoryBytes in bytes
   * @param cpus in cores
   * @param pids processes and threads
   */
  public record LimitsJson(@Nullable Long memoryBytes, @Nullable Double cpus, @Nullable Long pids) {
    static LimitsJson of(ResourceLimits limits) {
      return new LimitsJson(
          Shapes.orNull(limits.memoryBytes()),
          Shapes.orNull(limits.cpus()),
          Shapes.orNull(limits.pids()));
    }
  }

  /**
   * A volume.
   *
   * @param source path on the host; null for a named volume
   * @param name of a named volume, null for a path
   * @param destination in the pod
   * @param readOnly whether the pod may only read it
   * @param sharing shared or private; null if each move finds out
   */
  public record VolumeJson(
      @Nullable String source,
      @Nullable String name,
      String destination,
      boolean readOnly,
      @Nullable String sharing) {
    static VolumeJson of(VolumeSpec volume) {
      return new VolumeJson(
          Shapes.orNull(volume.source()),
          Shapes.orNull(volume.name()),
          volume.destination().toString(),
          volume.readOnly(),
          volume.sharing() == null ? null : Shapes.name(volume.sharing()));
    }
  }

  public static PodJson of(PodStatus pod) {
    PodSpec spec = pod.spec();
    PodSource source = spec.source();
    return new PodJson(
        Shapes.SCHEMA_VERSION,
        pod.id(),
        pod.name().value(),
        source.image(),
        Shapes.orNull(source.rootfs()),
        spec.command(),
        Shapes.name(pod.state()),
        Shapes.orNull(pod.exitCode()),
        Shapes.orNull(pod.pid()),
        pod.created().toString(),
        Shapes.orNull(pod.started()),
        AddressJson.of(pod.address()),
        RemoteMemoryJson.of(pod.remoteMemory()),
        spec.exposedPorts(),
        pod.container() == null ? null : pod.container().engine(),
        pod.container() == null ? null : pod.container().id(),
        pod.layers(),
        pod.migration(),
        new TreeMap<>(spec.env()),
        spec.user(),
        spec.workdir(),
        spec.hostname(),
        Shapes.name(spec.network()),
        LimitsJson.of(spec.limits()),
        Shapes.name(spec.userns()),
        spec.capabilities().stream().map(Enum::name).sorted().toList(),
        spec.noNewPrivileges(),
        spec.volumes().stream().map(VolumeJson::of).toList(),
        spec.tty(),
        spec.interactive(),
        spec.autoRemove(),
        new TreeMap<>(spec.labels()),
        SignalName.of(spec.stopSignal() == null ? SIGTERM : spec.stopSignal()));
  }
}
