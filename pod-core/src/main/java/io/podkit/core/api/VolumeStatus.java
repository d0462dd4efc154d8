package io.podkit.core.api;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A volume that this host keeps, or content of one that a pod left behind when it went.
 *
 * @param name its name; null for a path of the host that was left behind
 * @param path where its content lies
 * @param created when, on this host; null for a path
 * @param labels the user's notes
 * @param bytes what its content takes on disk
 * @param users the pods of this host that see it
 * @param left whose leaving it outlived, null if it is in nobody's way
 */
public record VolumeStatus(
    @Nullable VolumeName name,
    Path path,
    @Nullable Instant created,
    Map<String, String> labels,
    long bytes,
    List<PodName> users,
    @Nullable Left left) {

  /** Copies the collections. */
  public VolumeStatus {
    labels = Map.copyOf(labels);
    users = List.copyOf(users);
  }

  /**
   * That this is a stale copy: the pod took the content along.
   *
   * @param podId the pod's id
   * @param pod its name
   * @param when it left
   * @param unchanged whether nobody has changed it since: only then it gives way when the pod comes
   *     back
   */
  public record Left(String podId, PodName pod, Instant when, boolean unchanged) {}
}
