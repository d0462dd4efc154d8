package io.podkit.core.volume;

import io.podkit.core.api.VolumeName;
import io.podkit.core.api.VolumeSpec;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.resource.UndoStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The volumes of a pod that is being made. A named one that does not exist is created, and as long
 * as it is empty it gets what the pod's image has at its place, with all attributes.
 */
public final class NewVolumes {
  private final VolumePlaces places;
  private final PodFileSystem fileSystem;
  private final VolumeShelf shelf;

  NewVolumes(VolumePlaces places, PodFileSystem fileSystem, VolumeShelf shelf) {
    this.places = places;
    this.fileSystem = fileSystem;
    this.shelf = shelf;
  }

  /** Refuses paths that do not exist, and two volumes at one place of the pod. */
  public void check(List<VolumeSpec> volumes) throws PodkitException {
    Set<Path> destinations = new HashSet<>();
    for (VolumeSpec volume : volumes) {
      if (!destinations.add(volume.destination())) {
        throw PodkitException.usage(
            "two volumes are to be at " + volume.destination() + ": only one can be seen there");
      }
      if (volume.name() == null && !Files.exists(places.of(volume))) {
        throw PodkitException.of(
            ErrorKind.NOT_FOUND,
            "the volume's source " + volume.source() + " does not exist",
            new Hint("make it first: mkdir -p " + volume.source()));
      }
    }
  }

  /** Creates the named ones that are missing. */
  public void create(List<VolumeSpec> volumes, UndoStack undo) throws PodkitException {
    for (VolumeSpec volume : volumes) {
      VolumeName name = volume.name();
      if (name != null && shelf.find(name).isEmpty()) {
        undo.push("remove volume " + name, () -> shelf.remove(name));
        shelf.create(name, Map.of());
      }
    }
  }

  /** Fills those that are empty from the pod's root, which is mounted without them. */
  public void fill(List<VolumeSpec> volumes, MountedRoot root) throws PodkitException {
    for (int i = 0; i < volumes.size(); i++) {
      VolumeSpec volume = volumes.get(i);
      if (volume.name() != null && fileSystem.volumeFiles().isEmpty(places.of(volume))) {
        fileSystem.volumeFiles().fill(root.root(), volume.destination(), root.volume(i));
      }
    }
  }
}
