package io.podkit.cli.json;

import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pod of {@code pod ps}.
 *
 * @param id twelve hexadecimal digits, the same on every host
 * @param name its name
 * @param image its image, if it was made from one
 * @param rootfs its root directory, if it was made from one
 * @param command program and arguments
 * @param state created, running, exited, checkpointed, leaving, in_doubt, serving or arriving
 * @param exitCode how it ended, if it ended; 128+n for signal n
 * @param pid host pid of its first process, if it runs
 * @param created when it was created
 * @param started when it began to run on this host
 * @param address its addresses, if it has a network
 * @param remoteMemory what of its memory is still on its former host; null if nothing is
 * @param exposedPorts what it listens on, {@code 80/tcp}, as it and its image say
 * @param engine podman, cri-o or oci, if such an engine owns it; null for a pod
 * @param containerId what that engine calls it
 */
public record PodSummaryJson(
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
    @Nullable String containerId) {

  public static PodSummaryJson of(PodStatus pod) {
    PodSource source = pod.spec().source();
    return new PodSummaryJson(
        pod.id(),
        pod.name().value(),
        source.image(),
        Shapes.orNull(source.rootfs()),
        pod.spec().command(),
        Shapes.name(pod.state()),
        Shapes.orNull(pod.exitCode()),
        Shapes.orNull(pod.pid()),
        pod.created().toString(),
        Shapes.orNull(pod.started()),
        AddressJson.of(pod.address()),
        RemoteMemoryJson.of(pod.remoteMemory()),
        pod.spec().exposedPorts(),
        pod.container() == null ? null : pod.container().engine(),
        pod.container() == null ? null : pod.container().id());
  }
}
