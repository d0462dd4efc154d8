package io.podkit.core.volume;

import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.core.api.VolumeName;
import io.podkit.core.api.VolumeStatus;
import io.podkit.core.api.Volumes;
import io.podkit.core.store.PodRecord;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.VolumeFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The volumes of one host, for its operator. */
public final class NamedVolumes implements Volumes {
  private final VolumePlaces places;
  private final VolumeFiles files;
  private final VolumeShelf shelf;
  private final LeftBehind left;
  private final VolumeUsers users;

  /** Those of one host. */
  public NamedVolumes(
      VolumePlaces places,
      VolumeFiles files,
      VolumeShelf shelf,
      LeftBehind left,
      VolumeUsers users) {
    this.places = places;
    this.files = files;
    this.shelf = shelf;
    this.left = left;
    this.users = users;
  }

  @Override
  public VolumeStatus create(VolumeName name, Map<String, String> labels) throws PodkitException {
    shelf.create(name, labels);
    return get(name);
  }

  @Override
  public List<VolumeStatus> list() throws PodkitException {
    List<VolumeStatus> all = new ArrayList<>();
    for (VolumeShelf.Description volume : shelf.list()) {
      all.add(status(volume));
    }
    for (LeftBehind.Note note : left.list()) {
      boolean named = note.place().startsWith(VolumePlaces.real(places.all()));
      if (!named && Files.exists(note.place())) {
        all.add(
            new VolumeStatus(
                null,
                note.place(),
                null,
                Map.of(),
                files.measure(note.place()).bytes(),
                names(users.of(note.place(), note.pod())),
                left(note)));
      }
    }
    return all;
  }

  @Override
  public VolumeStatus get(VolumeName name) throws PodkitException {
    Optional<VolumeShelf.Description> volume = shelf.find(name);
    if (volume.isEmpty()) {
      throw PodkitException.of(
          ErrorKind.NOT_FOUND,
          "no volume named " + name,
          new Hint("pod volume ls lists the volumes of this host"));
    }
    return status(volume.get());
  }

  private VolumeStatus status(VolumeShelf.Description volume) throws PodkitException {
    Path content = places.content(volume.name());
    Optional<LeftBehind.Note> note = left.find(VolumePlaces.real(content));
    return new VolumeStatus(
        volume.name(),
        content,
        volume.created(),
        volume.labels(),
        files.measure(content).bytes(),
        names(users.of(volume.name())),
        note.isPresent() ? left(note.get()) : null);
  }

  private VolumeStatus.@Nullable Left left(LeftBehind.Note note) throws PodkitException {
    boolean unchanged = files.stamp(note.place()).equals(note.stamp());
    return new VolumeStatus.Left(note.podId(), note.pod(), note.when(), unchanged);
  }

  private static List<PodName> names(List<PodRecord> pods) {
    return pods.stream().map(PodRecord::name).toList();
  }

  @Override
  public void remove(VolumeName name, boolean force) throws PodkitException {
    get(name);
    List<PodRecord> in = users.of(name);
    boolean running = in.stream().anyMatch(pod -> !isAtRest(pod.state()));
    if (running || (!force && !in.isEmpty())) {
      String pods = names(in).stream().map(PodName::value).collect(Collectors.joining(", "));
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "volume " + name + " is in use by " + pods,
          new Hint(
              running
                  ? "stop what runs first: pod rm -f " + pods.replace(",", "")
                  : "remove what has it first, or repeat with --force"));
    }
    discard(name);
  }

  private void discard(VolumeName name) throws PodkitException {
    Path place = VolumePlaces.real(places.content(name));
    shelf.remove(name);
    left.forget(place);
  }

  private static boolean isAtRest(PodState state) {
    return state == PodState.CREATED || state == PodState.EXITED;
  }

  @Override
  public List<String> prune() throws PodkitException {
    List<String> removed = new ArrayList<>();
    for (VolumeShelf.Description volume : shelf.list()) {
      if (users.of(volume.name()).isEmpty()) {
        discard(volume.name());
        removed.add(volume.name().value());
      }
    }
    for (LeftBehind.Note note : left.list()) {
      if (!Files.exists(note.place())) {
        left.forget(note.place());
        removed.add(note.place().toString());
      }
    }
    return removed;
  }
}
