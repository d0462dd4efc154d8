package io.podkit.core.volume;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.NetworkMode;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.api.VolumeSpec;
import io.podkit.core.store.Credentials;
import io.podkit.core.store.Json;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.VolumeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A host's volumes in a directory of a test, with no privileges and no pods that run. */
final class VolumeHost {
  static final String MIGRATION = "0123456789abcdef0123456789abcdef";
  static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  final Path srv;
  final Path root;
  final PodStore store;
  final VolumePlaces places;
  final VolumeShelf shelf;
  final LeftBehind left;
  final VolumeUsers users;
  private final VolumeFiles files;
  private final ObjectMapper json = Json.mapper();
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

  VolumeHost(Path directory) throws IOException {
    this(directory, kernel(directory));
  }

  /** One whose files fail as a test wants. */
  VolumeHost(Path directory, VolumeFiles files) throws IOException {
    Path real = directory.toRealPath();
    srv = Files.createDirectories(real.resolve("srv"));
    root = real.resolve("root");
    HostDirs dirs = new HostDirs(root, real.resolve("run"));
    this.files = files;
    store = new PodStore(dirs, json);
    places = new VolumePlaces(dirs);
    shelf = new VolumeShelf(places, files, json, clock);
    left = new LeftBehind(places, json);
    users = new VolumeUsers(store, places);
  }

  static VolumeFiles kernel(Path directory) {
    HostDirs dirs = new HostDirs(directory.resolve("root"), directory.resolve("run"));
    return PodFileSystem.open(dirs, Path.of("/nowhere/pod-init")).volumeFiles();
  }

  VolumeFiles files() {
    return files;
  }

  IncomingVolumes incoming() {
    return new IncomingVolumes(store, places, files, shelf, left, json);
  }

  TakenVolumes taken() {
    return new TakenVolumes(store, places, files, shelf, left, json, clock);
  }

  VolumeForecast forecast() {
    return new VolumeForecast(places, files, left, users);
  }

  NamedVolumes named() {
    return new NamedVolumes(places, files, shelf, left, users);
  }

  PodRecord pod(String name, PodState state, String... volumes) throws Exception {
    PodSpec spec =
        PodSpec.builder(new PodName(name), PodSource.image("base"))
            .command(List.of("sleep"))
            .network(NetworkMode.NONE)
            .volumes(Arrays.stream(volumes).map(VolumeSpec::parse).toList())
            .build();
    PodRecord record =
        new PodRecord(
            PodRecord.SCHEMA_VERSION,
            "0123456789ab",
            spec,
            new Credentials(0, 0, List.of(), "/"),
            state,
            NOW,
            null,
            null,
            null,
            List.of(),
            MIGRATION,
            null);
    store.save(record);
    return record;
  }

  static VolumeOffer directory(String destination) {
    return new VolumeOffer(destination, "", 1, 4096, "", Map.of());
  }

  static VolumeOffer file(String destination, String name) {
    return new VolumeOffer(destination, name, 0, 4096, "", Map.of());
  }

  static VolumeFate copy(VolumeOffer offer) {
    return new VolumeFate(offer, VolumeFate.Kind.COPY, "");
  }

  static VolumeFate replace(VolumeOffer offer) {
    return new VolumeFate(offer, VolumeFate.Kind.REPLACE, "");
  }

  /**
   * Everything under a directory: type, mode, inode, size and, of what is not a directory, time.
   */
  static Map<String, String> listing(Path top) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.toList()) {
        String names =
            Files.isDirectory(path) ? "unix:mode,ino" : "unix:mode,ino,size,lastModifiedTime";
        found.put(top.relativize(path).toString(), Files.readAttributes(path, names).toString());
      }
    }
    return found;
  }
}
