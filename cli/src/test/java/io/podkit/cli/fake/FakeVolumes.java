package io.podkit.cli.fake;

import io.podkit.core.api.PodName;
import io.podkit.core.api.VolumeName;
import io.podkit.core.api.VolumeStatus;
import io.podkit.core.api.Volumes;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Volumes in memory; writes down what is asked of them. */
public final class FakeVolumes implements Volumes {
  public final List<VolumeStatus> all = new ArrayList<>();
  public final List<String> calls = new ArrayList<>();

  /** A volume that a pod has. */
  public static VolumeStatus named(String name, String pod) {
    return new VolumeStatus(
        new VolumeName(name),
        Path.of("/var/lib/pod/volumes", name, "data"),
        Instant.parse("2026-11-22T10:00:00Z"),
        Map.of("team", "db"),
        3 << 20,
        List.of(new PodName(pod)),
        null);
  }

  /** A directory that a pod left behind. */
  public static VolumeStatus left(String path, String pod, boolean unchanged) {
    return new VolumeStatus(
        null,
        Path.of(path),
        null,
        Map.of(),
        5 << 10,
        List.of(),
        new VolumeStatus.Left(
            "0123456789ab", new PodName(pod), Instant.parse("2026-11-22T10:00:00Z"), unchanged));
  }

  @Override
  public VolumeStatus create(VolumeName name, Map<String, String> labels) {
    calls.add("create " + name + " " + labels);
    return named(name.value(), "web");
  }

  @Override
  public List<VolumeStatus> list() {
    return all;
  }

  @Override
  public VolumeStatus get(VolumeName name) throws PodkitException {
    return all.stream()
        .filter(volume -> name.equals(volume.name()))
        .findFirst()
        .orElseThrow(() -> PodkitException.notFound("no volume named " + name));
  }

  @Override
  public void remove(VolumeName name, boolean force) throws PodkitException {
    get(name);
    calls.add("remove " + name + " " + force);
  }

  @Override
  public List<String> prune() {
    calls.add("prune");
    return List.of("old");
  }
}
