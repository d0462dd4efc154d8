package io.podkit.core.volume;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodState;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeSpec;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.VolumeFiles;
import io.podkit.resource.DurableFile;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Volumes that come with a pod. What was at their places stays until the pod is recorded as running
 * here; until then {@link #undo} makes everything as it was, also after a crash: what is made is
 * written down before, in {@code volumes.json} of the pod's directory. Called under the pod's lock.
 */
public final class IncomingVolumes {
  private static final int SCHEMA_VERSION = 1;
  private static final String FILE = "volumes.json";

  private final PodStore store;
  private final VolumePlaces places;
  private final VolumeFiles files;
  private final VolumeShelf shelf;
  private final LeftBehind left;
  private final ObjectMapper json;

  /**
   * What is written down.
   *
   * @param schemaVersion version of this shape
   * @param kept whether the pod ran: what was there before is not wanted any more
   * @param volumes in the order in which they are begun
   */
  record Journal(int schemaVersion, boolean kept, List<IncomingVolume> volumes) {
    Journal {
      volumes = List.copyOf(volumes);
    }
  }

  /** Those of one host. */
  public IncomingVolumes(
      PodStore store,
      VolumePlaces places,
      VolumeFiles files,
      VolumeShelf shelf,
      LeftBehind left,
      ObjectMapper json) {
    this.store = store;
    this.places = places;
    this.files = files;
    this.shelf = shelf;
    this.left = left;
    this.json = json;
  }

  /**
   * Makes ready for those that travel.
   *
   * @param fates what was agreed on with the source
   * @throws PodkitException of kind CONFLICT if something has come to a place that was free
   */
  public void begin(PodRecord pod, List<VolumeFate> fates) throws PodkitException {
    String migration = Objects.requireNonNull(pod.migration(), "it arrives by a migration");
    List<IncomingVolume> volumes = new ArrayList<>();
    for (VolumeFate fate : fates) {
      if (fate.travels()) {
        volumes.add(plan(pod, fate, IncomingVolume.boxName(migration, volumes.size())));
      }
    }
    if (volumes.isEmpty()) {
      return;
    }
    write(pod, new Journal(SCHEMA_VERSION, false, volumes));
    for (IncomingVolume volume : volumes) {
      makeReady(volume);
    }
  }

  private IncomingVolume plan(PodRecord pod, VolumeFate fate, String box) throws PodkitException {
    VolumeSpec spec = spec(pod, fate.offer().destination());
    Path place = VolumePlaces.real(places.of(spec));
    if (!places.mayReceive(spec, place)) {
      throw PodkitException.refused(
          "volume " + place + " is where this host has things of its own");
    }
    boolean there = Files.exists(place, LinkOption.NOFOLLOW_LINKS);
    boolean mounted = there && VolumePlaces.isMountPoint(place);
    boolean directory = fate.offer().isDirectory();
    if (there && (Files.isDirectory(place) != directory || (mounted && !directory))) {
      throw PodkitException.conflict("something else than volume " + place + " is there now");
    }
    if (there && fate.kind() == VolumeFate.Kind.COPY && !isFree(place)) {
      throw PodkitException.conflict("volume " + place + " is not empty any more");
    }
    return new IncomingVolume(
        fate.offer().destination(),
        place,
        box,
        directory,
        mounted,
        VolumePlaces.missingAbove(place),
        isOwn(pod, place),
        spec.name(),
        fate.offer().labels());
  }

  private boolean isOwn(PodRecord pod, Path place) throws PodkitException {
    Optional<LeftBehind.Note> note = left.find(place);
    return note.isPresent()
        && note.get().podId().equals(pod.id())
        && Files.exists(place)
        && note.get().stamp().equals(files.stamp(place));
  }

  private static VolumeSpec spec(PodRecord pod, String destination) throws PodkitException {
    for (VolumeSpec spec : pod.spec().volumes()) {
      if (spec.destination().toString().equals(destination)) {
        return spec;
      }
    }
    throw PodkitException.peer("the source sends a volume that its pod does not have", null);
  }

  private boolean isFree(Path place) throws PodkitException {
    try {
      return Files.isDirectory(place) ? files.isEmpty(place) : Files.size(place) == 0;
    } catch (IOException e) {
      throw PodkitException.io("cannot look at " + place, e);
    }
  }

  private void makeReady(IncomingVolume volume) throws PodkitException {
    if (volume.inPlace()) {
      files.setAside(volume.place(), volume.boxName());
      return;
    }
    try {
      for (Path above : volume.made()) {
        if (!Files.exists(above)) { // another volume may have needed it, too
          Files.createDirectory(above);
          String permissions = volume.name() == null ? "rwxr-xr-x" : "rwx------";
          Files.setPosixFilePermissions(above, PosixFilePermissions.fromString(permissions));
        }
      }
      Files.createDirectory(
          volume.box(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (volume.directory()) {
        Files.createDirectory(volume.received());
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot make room for volume " + volume.place(), e);
    }
  }

  /** Where the tree with that label goes; nothing if no such volume is coming. */
  public Optional<Path> tree(PodRecord pod, String label) throws PodkitException {
    return read(pod).volumes().stream()
        .filter(volume -> label.equals("volume:" + volume.destination()))
        .map(IncomingVolume::tree)
        .findFirst();
  }

  /** What the pod is to see for each of its volumes while it is restored. */
  public List<Path> seen(PodRecord pod) throws PodkitException {
    Journal journal = read(pod);
    List<Path> seen = new ArrayList<>();
    for (VolumeSpec spec : pod.spec().volumes()) {
      Path place = places.of(spec);
      for (IncomingVolume volume : journal.volumes()) {
        if (volume.destination().equals(spec.destination().toString())) {
          place = volume.received();
        }
      }
      seen.add(place);
    }
    return seen;
  }

  /**
   * Puts everything into its place; the pod does not run yet. Whoever dies amid this leaves what
   * {@link #undo} can tell from a finished one.
   */
  public void place(PodRecord pod) throws PodkitException {
    for (IncomingVolume volume : read(pod).volumes()) {
      if (!volume.inPlace()) {
        if (Files.exists(volume.place(), LinkOption.NOFOLLOW_LINKS)) {
          files.move(volume.place(), volume.old());
        } else {
          touch(volume.nothingOld());
        }
        files.move(volume.received(), volume.place());
      }
      if (volume.name() != null) {
        shelf.describe(volume.name(), volume.labels());
      }
    }
  }

  private static void touch(Path file) throws PodkitException {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw PodkitException.io("cannot make " + file, e);
    }
  }

  /**
   * The pod's files are about to go, or it runs and nothing of before is wanted: undoes or finishes
   * what was begun, as the pod's record says.
   */
  public void settle(PodRecord pod) throws PodkitException {
    if (pod.state() == PodState.ARRIVING) {
      undo(pod);
    } else {
      finish(pod);
    }
  }

  /** The pod runs here: removes what was there before. Idempotent. */
  public void finish(PodRecord pod) throws PodkitException {
    Journal journal = read(pod);
    if (journal.volumes().isEmpty()) {
      return;
    }
    if (!journal.kept()) {
      write(pod, new Journal(SCHEMA_VERSION, true, journal.volumes()));
    }
    for (IncomingVolume volume : journal.volumes()) {
      files.remove(volume.box());
      left.forget(volume.place());
    }
    forget(pod);
  }

  /**
   * The pod did not come: what was there is there again, and nothing else. Idempotent; every volume
   * is tried.
   */
  public void undo(PodRecord pod) throws PodkitException {
    Journal journal = read(pod);
    if (journal.kept()) {
      finish(pod);
      return;
    }
    try (UndoStack steps = new UndoStack("undo the volumes of pod " + pod.name())) {
      for (IncomingVolume volume : journal.volumes()) {
        steps.push("undo " + volume.place(), () -> undo(volume));
      }
    }
    forget(pod);
  }

  private void undo(IncomingVolume volume) throws PodkitException, IOException {
    if (volume.inPlace()) {
      files.bringBack(volume.place(), volume.boxName());
      if (volume.own()) { // moving it there and back has moved its stamp
        left.noteAgain(volume.place(), files.stamp(volume.place()));
      }
    } else {
      takeOut(volume);
      files.remove(volume.box());
    }
    List<Path> made = new ArrayList<>(volume.made());
    Collections.reverse(made);
    for (Path above : made) {
      try {
        Files.deleteIfExists(above);
      } catch (DirectoryNotEmptyException e) {
        return; // somebody else uses it, too
      }
    }
  }

  /** Back into its box; the marks tell how far {@link #place} has come, and go last. */
  private void takeOut(IncomingVolume volume) throws PodkitException, IOException {
    boolean replaced = Files.exists(volume.old(), LinkOption.NOFOLLOW_LINKS);
    boolean begun = replaced || Files.exists(volume.nothingOld());
    if (begun
        && !Files.exists(volume.received(), LinkOption.NOFOLLOW_LINKS)
        && Files.exists(volume.place(), LinkOption.NOFOLLOW_LINKS)) {
      files.move(volume.place(), volume.received());
    }
    if (replaced) {
      files.move(volume.old(), volume.place());
    }
    if (begun && volume.name() != null && !replaced) {
      shelf.undescribe(volume.name());
    }
    Files.deleteIfExists(volume.nothingOld());
  }

  private Path file(PodRecord pod) {
    return store.directory(pod.name()).resolve(FILE);
  }

  private Journal read(PodRecord pod) throws PodkitException {
    Path file = file(pod);
    if (!Files.exists(file)) {
      return new Journal(SCHEMA_VERSION, false, List.of());
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
      throw PodkitException.io("cannot note which volumes come", e);
    }
  }

  private void forget(PodRecord pod) throws PodkitException {
    try {
      DurableFile.delete(file(pod));
    } catch (IOException e) {
      throw PodkitException.io("cannot forget which volumes came", e);
    }
  }
}
