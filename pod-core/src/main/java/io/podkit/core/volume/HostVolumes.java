package io.podkit.core.volume;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.Volumes;
import io.podkit.core.store.PodStore;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import java.time.Clock;

/**
 * All that one host knows about volumes, each part made when it is asked for: most commands need
 * none of it. Thread-safe.
 */
public final class HostVolumes {
  private final PodStore store;
  private final PodFileSystem fileSystem;
  private final ObjectMapper json;
  private final Clock clock;
  private final VolumePlaces places;

  /** Those of one host. */
  public HostVolumes(
      HostDirs dirs, PodStore store, PodFileSystem fileSystem, ObjectMapper json, Clock clock) {
    this.store = store;
    this.fileSystem = fileSystem;
    this.json = json;
    this.clock = clock;
    places = new VolumePlaces(dirs);
  }

  /** Where they lie. */
  public VolumePlaces places() {
    return places;
  }

  /** The named ones. */
  public VolumeShelf shelf() {
    return new VolumeShelf(places, fileSystem.volumeFiles(), json, clock);
  }

  private VolumeUsers users() {
    return new VolumeUsers(store, places);
  }

  private LeftBehind left() {
    return new LeftBehind(places, json);
  }

  /** The named ones, for the operator. */
  public Volumes named() {
    return new NamedVolumes(places, fileSystem.volumeFiles(), shelf(), left(), users());
  }

  /** Those that come with a pod. */
  public IncomingVolumes incoming() {
    return new IncomingVolumes(store, places, fileSystem.volumeFiles(), shelf(), left(), json);
  }

  /** Those that leave with a pod. */
  public TakenVolumes taken() {
    return new TakenVolumes(store, places, fileSystem.volumeFiles(), shelf(), left(), json, clock);
  }

  /** What would become of those of a pod that may come. */
  public VolumeForecast forecast() {
    return new VolumeForecast(places, fileSystem.volumeFiles(), left(), users());
  }

  /** Those of a pod that may leave. */
  public DepartureSurvey survey() {
    return new DepartureSurvey(places, fileSystem.volumeFiles(), shelf(), users());
  }

  /** Named volumes of a pod that is made. */
  public NewVolumes fresh() {
    return new NewVolumes(places, fileSystem, shelf());
  }
}
