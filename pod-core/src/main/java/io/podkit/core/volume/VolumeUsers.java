package io.podkit.core.volume;

import io.podkit.core.api.PodName;
import io.podkit.core.api.VolumeName;
import io.podkit.core.api.VolumeSpec;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which pods of this host see a place, from their records. Thread-safe. */
public final class VolumeUsers {
  private final PodStore store;
  private final VolumePlaces places;

  /** The pods of one host. */
  public VolumeUsers(PodStore store, VolumePlaces places) {
    this.store = store;
    this.places = places;
  }

  /**
   * The pods that see that place, something in it, or something that holds it.
   *
   * @param place without links
   * @param but a pod that does not count
   */
  public List<PodRecord> of(Path place, PodName but) throws PodkitException {
    List<PodRecord> users = new ArrayList<>();
    for (PodRecord pod : store.list()) {
      if (!pod.name().equals(but) && sees(pod, place)) {
        users.add(pod);
      }
    }
    return users;
  }

  private boolean sees(PodRecord pod, Path place) throws PodkitException {
    for (VolumeSpec volume : pod.spec().volumes()) {
      if (VolumePlaces.overlap(VolumePlaces.real(places.of(volume)), place)) {
        return true;
      }
    }
    return false;
  }

  /** The pods that have that named volume. */
  public List<PodRecord> of(VolumeName name) throws PodkitException {
    return store.list().stream()
        .filter(pod -> pod.spec().volumes().stream().anyMatch(v -> name.equals(v.name())))
        .toList();
  }
}
