package io.podkit.core.volume;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeName;
import io.podkit.core.api.VolumeSpec;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.VolumeFiles;
import io.podkit.process.Command;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Volumes whose content leaves with a pod. Which these are is written down before, in {@code
 * taken.json} of the pod's directory, because whoever releases the pod after a crash has nothing
 * else to go by. Called under the pod's lock.
 *
 * <p>A tree that is sent is a directory: a single file is copied into one first, and once more in
 * the freeze.
 */
public final class TakenVolumes {
  private static final Logger LOG = LoggerFactory.getLogger(TakenVolumes.class);
  private static final int SCHEMA_VERSION = 1;
  private static final String FILE = "taken.json";
  private static final String SINGLE_FILES = "taken";
  private static final Duration COPY = Duration.ofHours(1);

  private final PodStore store;
  private final VolumePlaces places;
  private final VolumeFiles files;
  private final VolumeShelf shelf;
  private final LeftBehind left;
  private final VolumeUsers users;
  private final ObjectMapper json;
  private final Clock clock;

  /**
   * What is written down.
   *
   * @param schemaVersion version of this shape
   * @param migration by which they leave
   * @param volumes which
   */
  record Journal(int schemaVersion, String migration, List<Taken> volumes) {
    Journal {
      volumes = List.copyOf(volumes);
    }
  }

  /**
   * One of them.
   *
   * @param destination its place in the pod
   * @param place where it lies here, without links
   * @param directory whether it is a directory
   * @param readOnly whether the pod could not change it
   * @param name of a named volume
   */
  record Taken(
      String destination,
      Path place,
      boolean directory,
      boolean readOnly,
      @Nullable VolumeName name) {}

  /** Those of one host. */
  public TakenVolumes(
      PodStore store,
      VolumePlaces places,
      VolumeFiles files,
      VolumeShelf shelf,
      LeftBehind left,
      ObjectMapper json,
      Clock clock) {
    this.store = store;
    this.places = places;
    this.files = files;
    this.shelf = shelf;
    this.left = left;
    this.users = new VolumeUsers(store, places);
    this.json = json;
    this.clock = clock;
  }

  /**
   * Notes which volumes travel.
   *
   * @return their trees, to be sent
   */
  public List<PodTree> begin(PodRecord pod, List<VolumeFate> fates) throws PodkitException {
    List<Taken> taken = new ArrayList<>();
    for (VolumeSpec volume : pod.spec().volumes()) {
      for (VolumeFate fate : fates) {
        if (fate.travels() && fate.offer().destination().equals(volume.destination().toString())) {
          taken.add(
              new Taken(
                  volume.destination().toString(),
                  VolumePlaces.real(places.of(volume)),
                  fate.offer().isDirectory(),
                  volume.readOnly(),
                  volume.name()));
        }
      }
    }
    if (taken.isEmpty()) {
      return List.of();
    }
    String migration = Objects.requireNonNull(pod.migration(), "it leaves by a migration");
    write(pod, new Journal(SCHEMA_VERSION, migration, taken));
    List<PodTree> trees = new ArrayList<>();
    for (Taken volume : taken) {
      trees.add(
          new PodTree(
              PodTree.Kind.VOLUME,
              "volume:" + volume.destination(),
              volume.directory() ? volume.place() : copied(pod, volume)));
    }
    return trees;
  }

  /** The pod stands still: what it wrote to single files since they were copied is copied again. */
  public void refresh(PodRecord pod) throws PodkitException {
    for (Taken volume : read(pod).volumes()) {
      if (!volume.directory() && !volume.readOnly()) {
        copied(pod, volume);
      }
    }
  }

  private Path copied(PodRecord pod, Taken volume) throws PodkitException {
    int number = read(pod).volumes().indexOf(volume);
    Path directory = singleFiles(pod).resolve(Integer.toString(number));
    try {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      try (FileChannel file = FileChannel.open(volume.place(), StandardOpenOption.READ)) {
        file.force(false); // a copy in the kernel may pass by what only a mapping holds
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot copy " + volume.place(), e);
    }
    Command.of("cp", "--preserve=all", "--", volume.place(), directory.resolve("content"))
        .timeout(COPY)
        .runOrThrow("cannot copy " + volume.place());
    return directory;
  }

  private Path singleFiles(PodRecord pod) {
    return store.directory(pod.name()).resolve(SINGLE_FILES);
  }

  /**
   * The pod is another host's: notes what it left behind here, and removes named volumes that no
   * other pod has. Idempotent; nothing of the pod runs any more.
   */
  public void release(PodRecord pod) throws PodkitException {
    release(pod, List.of());
  }

  /**
   * As {@link #release(PodRecord)}.
   *
   * @param others places in the pod of volumes that somebody else looks after here
   */
  public void release(PodRecord pod, Collection<String> others) throws PodkitException {
    Journal journal = read(pod);
    if (journal.migration().equals(pod.migration())) {
      for (Taken volume : journal.volumes()) {
        if (Files.exists(volume.place()) && !others.contains(volume.destination())) {
          leave(pod, volume);
        }
      }
    }
    forget(pod);
  }

  private void leave(PodRecord pod, Taken volume) throws PodkitException {
    boolean wanted = !users.of(volume.place(), pod.name()).isEmpty();
    if (volume.name() != null && !wanted) {
      shelf.remove(volume.name());
      left.forget(volume.place());
    } else if (!volume.readOnly()) {
      left.note(volume.place(), pod.id(), pod.name(), clock.instant(), stamp(volume.place()));
    }
  }

  /** Content of which nobody can tell later whether it was changed counts as changed. */
  private String stamp(Path place) {
    try {
      return files.stamp(place);
    } catch (PodkitException e) {
      LOG.warn("cannot tell how {} was left", place, e);
      return "";
    }
  }

  /** The pod stays, or is gone: forgets what was noted for its leaving. */
  public void forget(PodRecord pod) throws PodkitException {
    try {
      files.remove(singleFiles(pod));
      DurableFile.delete(file(pod));
    } catch (IOException e) {
      throw PodkitException.io("cannot forget which volumes of " + pod.name() + " travelled", e);
    }
  }

  private Path file(PodRecord pod) {
    return store.directory(pod.name()).resolve(FILE);
  }

  private Journal read(PodRecord pod) throws PodkitException {
    Path file = file(pod);
    if (!Files.exists(file)) {
      return new Journal(SCHEMA_VERSION, "", List.of());
    }
    try {
      return json.readValue(Files.readAllBytes(file), Journal.class);
    } catch (IOException e) {
      throw PodkitException.io("cannot read " + file, e);
    }
  }

  private void write(PodRecord pod, Journal journal) throws PodkitException {
    try {
      DurableFile.write(file(pod), json.writeValueAsBytes(journal));
    } catch (IOException e) {
      throw PodkitException.io("cannot note which volumes travel", e);
    }
  }
}
