package io.podkit.cli.json;

import io.podkit.core.api.PodName;
import io.podkit.core.api.VolumeStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A volume of this host; as a result of its own it is an element of a {@link ListOf} too.
 *
 * @param name its name; null for a path that a pod left behind
 * @param path where its content lies
 * @param created when, on this host; null for a path
 * @param labels the user's notes
 * @param bytes what its content takes on disk
 * @param pods the pods of this host that have it
 * @param left that it is a stale copy, or null
 */
public record VolumeJson(
    @Nullable String name,
    String path,
    @Nullable String created,
    Map<String, String> labels,
    long bytes,
    List<String> pods,
    @Nullable LeftJson left) {

  /**
   * That a pod took its content along.
   *
   * @param podId the pod's id
   * @param pod its name
   * @param when it left
   * @param unchanged whether nobody has changed the copy since
   */
  public record LeftJson(String podId, String pod, String when, boolean unchanged) {
    static @Nullable LeftJson of(VolumeStatus.@Nullable Left left) {
      return left == null
          ? null
          : new LeftJson(
              left.podId(), left.pod().value(), left.when().toString(), left.unchanged());
    }
  }

  /**
   * Several volumes.
   *
   * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
   * @param volumes by name, then by path
   */
  public record ListOf(int schemaVersion, List<VolumeJson> volumes) {
    public static ListOf of(List<VolumeStatus> volumes) {
      return new ListOf(Shapes.SCHEMA_VERSION, volumes.stream().map(VolumeJson::of).toList());
    }
  }

  /** All that is known of one. */
  public static VolumeJson of(VolumeStatus volume) {
    return new VolumeJson(
        Shapes.orNull(volume.name()),
        volume.path().toString(),
        Shapes.orNull(volume.created()),
        new TreeMap<>(volume.labels()),
        volume.bytes(),
        volume.users().stream().map(PodName::value).toList(),
        LeftJson.of(volume.left()));
  }
}
