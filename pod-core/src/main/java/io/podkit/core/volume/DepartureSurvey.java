package io.podkit.core.volume;

import static io.podkit.core.api.HostCheck.Level.BLOCKS;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodState;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.api.VolumeSpec;
import io.podkit.core.store.PodRecord;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeSize;
import io.podkit.fs.api.VolumeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a leaving pod's volumes are, and what here stands in the way of taking them along. */
public final class DepartureSurvey {
  private final VolumePlaces places;
  private final VolumeFiles files;
  private final VolumeShelf shelf;
  private final VolumeUsers users;

  /** Of one host. */
  public DepartureSurvey(
      VolumePlaces places, VolumeFiles files, VolumeShelf shelf, VolumeUsers users) {
    this.places = places;
    this.files = files;
    this.shelf = shelf;
    this.users = users;
  }

  /**
   * All of a pod's volumes, unmeasured.
   *
   * @param root the pod's own root as the host can see it
   * @param found gets what stands in the way; such a volume is not offered
   */
  public List<VolumeOffer> offers(PodRecord pod, Path root, List<HostCheck> found)
      throws PodkitException {
    List<VolumeOffer> offers = new ArrayList<>();
    for (VolumeSpec volume : pod.spec().volumes()) {
      Path place = places.of(volume);
      Path seen = root.resolve(Path.of("/").relativize(volume.destination()));
      try {
        if (!Files.exists(place) || !Files.isSameFile(place, seen)) {
          found.add(
              blocks(
                  volume.destination().toString(),
                  place + " is not what the pod sees there: it was moved or replaced",
                  "bring it back, or stop the pod and start it again"));
          continue;
        }
      } catch (IOException e) {
        throw PodkitException.io("cannot look at volume " + place, e);
      }
      offers.add(offer(volume, place));
    }
    return offers;
  }

  private VolumeOffer offer(VolumeSpec volume, Path place) throws PodkitException {
    Map<String, String> labels = Map.of();
    if (volume.name() != null) {
      labels = shelf.find(volume.name()).map(VolumeShelf.Description::labels).orElse(Map.of());
    }
    String fileName =
        Files.isDirectory(place) ? "" : VolumePlaces.real(place).getFileName().toString();
    return new VolumeOffer(volume.destination().toString(), fileName, -1, -1, "", labels);
  }

  /**
   * The same with what the target wants to know.
   *
   * @param found gets what stands in the way
   */
  public Optional<VolumeOffer> measure(PodRecord pod, VolumeFate fate, List<HostCheck> found)
      throws PodkitException {
    String destination = fate.offer().destination();
    Path place = VolumePlaces.real(place(pod, destination));
    int before = found.size();
    obstacles(pod, destination, place, found);
    if (found.size() > before) {
      return Optional.empty();
    }
    try {
      TreeSize size = files.measure(place);
      String digest = fate.kind() == VolumeFate.Kind.COMPARE ? files.digest(place) : "";
      return Optional.of(fate.offer().measured(size.entries(), size.bytes(), digest));
    } catch (PodkitException e) {
      if (e.kind() != ErrorKind.UNSUPPORTED) {
        throw e;
      }
      found.add(
          blocks(
              destination,
              e.what() + ", and is not copied",
              "give the pod a volume of its own for it, or use storage that both hosts share"));
      return Optional.empty();
    }
  }

  private Path place(PodRecord pod, String destination) throws PodkitException {
    for (VolumeSpec volume : pod.spec().volumes()) {
      if (volume.destination().toString().equals(destination)) {
        return places.of(volume);
      }
    }
    throw PodkitException.peer("the target asks for a volume that the pod does not have", null);
  }

  private void obstacles(PodRecord pod, String destination, Path place, List<HostCheck> found)
      throws PodkitException {
    if (!Files.isDirectory(place) && !Files.isRegularFile(place)) {
      found.add(
          blocks(
              destination,
              place + " is neither a directory nor a file, and cannot travel",
              "stop the pod and start it without it there"));
    }
    if (places.isVital(place)) {
      found.add(
          blocks(destination, place + " holds the pods themselves", "give the pod a smaller part"));
    }
    for (PodRecord other : users.of(place, pod.name())) {
      if (other.state() == PodState.RUNNING) {
        found.add(
            blocks(
                destination,
                place
                    + " is a volume of pod "
                    + other.name()
                    + ", too, which would lose sight of it",
                "stop that pod, or use storage that both hosts share, with :shared"));
      }
    }
    for (VolumeSpec volume : pod.spec().volumes()) {
      boolean self = volume.destination().toString().equals(destination);
      if (!self && VolumePlaces.overlap(VolumePlaces.real(places.of(volume)), place)) {
        found.add(
            blocks(
                destination,
                place + " overlaps with the pod's volume " + volume.destination(),
                "give the pod one volume for both, or use storage that both hosts share"));
      }
    }
  }

  private static HostCheck blocks(String destination, String finding, String cure) {
    return new HostCheck("volume " + destination, BLOCKS, finding, cure);
  }
}
