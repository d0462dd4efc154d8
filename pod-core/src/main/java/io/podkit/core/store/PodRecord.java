package io.podkit.core.store;

import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything durable about a pod on this host, written as {@code pod.json}. What comes from the
 * source of a migration is the same record with the parts that belong to one host left out ({@link
 * #travelling}).
 *
 * @param schemaVersion version of this shape; readers refuse a newer one
 * @param id see {@code PodStatus}
 * @param spec what the user asked for, with the image's defaults filled in
 * @param credentials who its command runs as
 * @param state where it stands
 * @param created when, on its first host
 * @param started when its processes began to run here
 * @param init its pid 1, if it has processes here
 * @param address its addresses
 * @param layers digests of its read-only layers, lowest first; empty while it lies on a rootfs
 *     directory
 * @param migration the migration it takes part in
 * @param origin what it keeps of the container that it was; null for one that was always a pod
 */
public record PodRecord(
    int schemaVersion,
    String id,
    PodSpec spec,
    Credentials credentials,
    PodState state,
    Instant created,
    @Nullable Instant started,
    @Nullable InitProcess init,
    @Nullable NetworkAddress address,
    List<String> layers,
    @Nullable String migration,
    @Nullable ContainerOrigin origin) {
  public static final int SCHEMA_VERSION = 1;

  public PodRecord {
    layers = List.copyOf(layers);
  }

  /** The engine whose container it still is, or null. */
  public @Nullable EngineContainer owner() {
    return origin == null ? null : origin.owner();
  }

  /** What an engine wrote of it that is to have it, or null if it is to be a pod. */
  public @Nullable EngineArchive archive() {
    return origin == null ? null : origin.archive();
  }

  public PodRecord withOrigin(@Nullable ContainerOrigin value) {
    return new PodRecord(
        schemaVersion,
        id,
        spec,
        credentials,
        state,
        created,
        started,
        init,
        address,
        layers,
        migration,
        value);
  }

  public PodName name() {
    return spec.name();
  }

  /** The same pod in another state; an illegal step is a defect in the caller. */
  public PodRecord in(PodState next) {
    if (next != state && !state.canBecome(next)) {
      throw new IllegalStateException("pod " + name() + " cannot go from " + state + " to " + next);
    }
    return new PodRecord(
        schemaVersion,
        id,
        spec,
        credentials,
        next,
        created,
        started,
        init,
        address,
        layers,
        migration,
        origin);
  }

  public PodRecord running(InitProcess process, Instant since) {
    PodRecord next = in(PodState.RUNNING);
    return new PodRecord(
        schemaVersion,
        id,
        spec,
        credentials,
        next.state,
        created,
        since,
        process,
        address,
        layers,
        null,
        origin);
  }

  public PodRecord withMigration(@Nullable String value) {
    return new PodRecord(
        schemaVersion,
        id,
        spec,
        credentials,
        state,
        created,
        started,
        init,
        address,
        layers,
        value,
        origin);
  }

  public PodRecord withAddress(@Nullable NetworkAddress value) {
    return new PodRecord(
        schemaVersion,
        id,
        spec,
        credentials,
        state,
        created,
        started,
        init,
        value,
        layers,
        migration,
        origin);
  }

  /**
   * The same pod on other files; a pod on a host directory becomes one on a layer when it moves.
   */
  public PodRecord on(PodSpec newSpec, List<String> newLayers) {
    return new PodRecord(
        schemaVersion,
        id,
        newSpec,
        credentials,
        state,
        created,
        started,
        init,
        address,
        newLayers,
        migration,
        origin);
  }

  /** Without pid 1: the pod has no processes on this host. */
  public PodRecord withoutProcesses() {
    return new PodRecord(
        schemaVersion,
        id,
        spec,
        credentials,
        state,
        created,
        started,
        null,
        address,
        layers,
        migration,
        origin);
  }

  /** What another host needs to own this pod. */
  public PodRecord travelling(String migrationId) {
    return new PodRecord(
        schemaVersion,
        id,
        spec,
        credentials,
        PodState.ARRIVING,
        created,
        null,
        null,
        address,
        layers,
        migrationId,
        origin == null ? null : origin.elsewhere());
  }
}
