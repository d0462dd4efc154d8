package io.podkit.core.api;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A pod as it stands on this host now.
 *
 * @param id twelve hex digits that name this pod for its whole life, on every host
 * @param spec what was asked for
 * @param state where it stands
 * @param created when it was created, on its first host
 * @param started when its processes began to run on this host, or null if they never did
 * @param pid host pid of its pid 1, if running
 * @param exitCode how it ended, 128+n for signal n, if it ended and its end was witnessed
 * @param address its addresses, or null without a network
 * @param layers digests of its read-only layers, lowest first
 * @param migration id of the migration it takes part in, or null
 * @param remoteMemory what of its memory is still elsewhere, or null
 * @param container whose it is, if an engine started it and Podkit only knows of it; null for a pod
 */
public record PodStatus(
    String id,
    PodSpec spec,
    PodState state,
    Instant created,
    @Nullable Instant started,
    OptionalLong pid,
    OptionalInt exitCode,
    @Nullable NetworkAddress address,
    List<String> layers,
    @Nullable String migration,
    @Nullable RemoteMemory remoteMemory,
    @Nullable ContainerRef container) {
  public PodName name() {
    return spec.name();
  }
}
