package io.podkit.core.lifecycle;

import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.NetworkMode;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.launch.UserLookup;
import io.podkit.core.network.AddressAllocator;
import io.podkit.core.store.Credentials;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.core.volume.NewVolumes;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.api.StagingFs;
import io.podkit.linux.SignalName;
import io.podkit.resource.HostLock;
import io.podkit.resource.UndoStack;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what a user asked for into a recorded pod with files of its own. */
final class PodCreator {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final PodStore store;
  private final PodParts parts;
  private final PodCleaner cleaner;
  private final Clock clock;

  PodCreator(PodStore store, PodParts parts, PodCleaner cleaner, Clock clock) {
    this.store = store;
    this.parts = parts;
    this.cleaner = cleaner;
    this.clock = clock;
  }

  /** The pod's lock is held by the caller. */
  PodRecord create(PodSpec asked, HostLock lock) throws PodkitException {
    if (store.find(asked.name()).isPresent()) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "a pod named " + asked.name() + " exists already",
          new Hint("choose another name, or remove it: pod rm " + asked.name()));
    }
    cleaner.eraseRemains(asked.name());
    // From the image's list of layers to the record that names them none of them may be pruned.
    try (LayerStore.Hold hold = parts.fileSystem().layers().hold()) {
      return createNew(asked);
    }
  }

  private PodRecord createNew(PodSpec asked) throws PodkitException {
    Image image = image(asked.source());
    PodSpec spec = image == null ? asked : withDefaults(asked, image.config());
    check(spec);
    parts.volumes().fresh().check(spec.volumes());
    byte[] random = new byte[6];
    RANDOM.nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    List<String> layers =
        image == null ? List.of() : image.layers().stream().map(LayerDigest::toString).toList();
    PodRecord draft =
        new PodRecord(
            PodRecord.SCHEMA_VERSION,
            id,
            spec,
            new Credentials(0, 0, List.of(), "/"),
            PodState.CREATED,
            clock.instant(),
            null,
            null,
            address(spec, id),
            layers,
            null,
            null);
    try (UndoStack undo = new UndoStack("create pod " + spec.name())) {
      PodRecord record = withFiles(draft, undo);
      store.save(record);
      undo.commit();
      return record;
    }
  }

  private @Nullable Image image(PodSource source) throws PodkitException {
    return source.image() == null
        ? null
        : parts.fileSystem().images().get(new ImageName(source.image()));
  }

  /**
   * What the user says wins; the image's entrypoint stays in front of a command the user gives, as
   * elsewhere.
   */
  private static PodSpec withDefaults(PodSpec asked, ImageConfig image) {
    List<String> command = new ArrayList<>(image.entrypoint());
    command.addAll(asked.command().isEmpty() ? image.command() : asked.command());
    Map<String, String> env = new LinkedHashMap<>();
    for (String setting : image.environment()) {
      int equals = setting.indexOf('=');
      if (equals > 0) {
        env.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
    }
    env.putAll(asked.env());
    String workdir =
        asked.workdir().equals("/") && image.workingDirectory() != null
            ? image.workingDirectory()
            : asked.workdir();
    return asked.toBuilder()
        .command(command)
        .env(env)
        .workdir(workdir)
        .user(asked.user() == null ? image.user() : asked.user())
        .stopSignal(stopSignal(asked, image))
        .exposedPorts(image.exposedPorts())
        .build();
  }

  private static @Nullable Integer stopSignal(PodSpec asked, ImageConfig image) {
    return asked.stopSignal() != null || image.stopSignal() == null
        ? asked.stopSignal()
        : Integer.valueOf(SignalName.parse(image.stopSignal()));
  }

  private static void check(PodSpec spec) throws PodkitException {
    if (spec.command().isEmpty()) {
      throw PodkitException.of(
          ErrorKind.USAGE,
          "pod " + spec.name() + " has no command, and its image names none",
          new Hint("give one after --, for example: pod run ... -- sleep 60"));
    }
  }

  private @Nullable NetworkAddress address(PodSpec spec, String id) throws PodkitException {
    if (spec.network() == NetworkMode.NONE) {
      return null;
    }
    Set<String> used = new HashSet<>();
    for (PodRecord other : store.list()) {
      if (other.address() != null) {
        used.add(other.address().ipv4());
      }
    }
    return new AddressAllocator(parts.networkConfig()).allocate(id, spec.ip(), used);
  }

  private PodRecord withFiles(PodRecord draft, UndoStack undo) throws PodkitException {
    StagingFs staging = parts.fileSystem().staging();
    NewVolumes volumes = parts.volumes().fresh();
    volumes.create(draft.spec().volumes(), undo);
    staging.create(parts.staging(draft));
    undo.push("remove the files", () -> staging.remove(PodParts.stagingName(draft.name())));
    try (MountedRoot root = staging.mount(parts.staging(draft));
        RootedFiles files = parts.fileSystem().rooted(root)) {
      volumes.fill(draft.spec().volumes(), root);
      Credentials credentials = UserLookup.in(files).resolve(draft.spec().user());
      IdentityFiles.write(files, draft.spec(), draft.address());
      return new PodRecord(
          draft.schemaVersion(),
          draft.id(),
          draft.spec(),
          credentials,
          draft.state(),
          draft.created(),
          null,
          null,
          draft.address(),
          draft.layers(),
          null,
          null);
    }
  }
}
