package io.podkit.core.volume;

import static io.podkit.core.api.HostCheck.Level.BLOCKS;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.Sharing;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeFate.Kind;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.api.VolumeSpec;
import io.podkit.core.store.PodRecord;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.VolumeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What would become of a coming pod's volumes on this host: found without changing anything. */
public final class VolumeForecast {
  private static final long MARGIN = 16L << 20;

  private final VolumePlaces places;
  private final VolumeFiles files;
  private final LeftBehind left;
  private final VolumeUsers users;

  /** For one host. */
  public VolumeForecast(
      VolumePlaces places, VolumeFiles files, LeftBehind left, VolumeUsers users) {
    this.places = places;
    this.files = files;
    this.left = left;
    this.users = users;
  }

  /** Why a volume cannot be as its pod needs it. */
  private static final class Obstacle extends Exception {
    private static final long serialVersionUID = 1;
    private final String cure;

    Obstacle(String finding, String cure) {
      super(finding, null, false, false);
      this.cure = cure;
    }
  }

  /**
   * What becomes of one volume.
   *
   * @param replace whether the user has said that other content gives way
   * @param found gets what stands in the way
   */
  public VolumeFate of(PodRecord pod, VolumeOffer offer, boolean replace, List<HostCheck> found)
      throws PodkitException {
    try {
      return decide(pod, spec(pod, offer), offer, replace);
    } catch (Obstacle e) {
      String finding = Objects.requireNonNull(e.getMessage());
      found.add(new HostCheck("volume " + offer.destination(), BLOCKS, finding, e.cure));
      return new VolumeFate(offer, Kind.REFUSED, finding);
    }
  }

  private static VolumeSpec spec(PodRecord pod, VolumeOffer offer) throws PodkitException {
    for (VolumeSpec spec : pod.spec().volumes()) {
      if (spec.destination().toString().equals(offer.destination())) {
        return spec;
      }
    }
    throw PodkitException.peer("the source offers a volume that its pod does not have", null);
  }

  private VolumeFate decide(PodRecord pod, VolumeSpec spec, VolumeOffer offer, boolean replace)
      throws PodkitException, Obstacle {
    Path place = VolumePlaces.real(places.of(spec));
    String migration = Objects.requireNonNull(pod.migration(), "it would come by a migration");
    if (VolumeMarks.isSeen(place, offer, migration)) {
      if (spec.sharing() == Sharing.PRIVATE) {
        throw new Obstacle(
            place + " is the same storage on both hosts, and a copy would overwrite itself",
            "start the pod with :shared for it, or without :private");
      }
      return new VolumeFate(offer, Kind.SHARED, "both hosts see the same storage");
    }
    if (spec.sharing() == Sharing.SHARED) {
      throw new Obstacle(
          place + " is not the same storage there",
          "mount the same storage there, or start the pod with :private for it");
    }
    if (places.isVital(place)) {
      throw new Obstacle(
          place + " holds what the target itself needs", "give the pod a directory of its own");
    }
    VolumeFate fate = separate(pod, spec, offer, replace, place);
    if (!fate.travels()) {
      return fate;
    }
    if (!places.mayReceive(spec, place)) {
      throw new Obstacle(
          place + " is where the target has programs, settings or pods of its own",
          "give the pod a directory elsewhere, as below /srv, or the same content there and :ro");
    }
    if (!offer.isMeasured()) {
      return new VolumeFate(offer, Kind.MEASURE, fate.reason());
    }
    requireRoom(place, offer.bytes());
    return fate;
  }

  /** A volume of which each host has its own. */
  private VolumeFate separate(
      PodRecord pod, VolumeSpec spec, VolumeOffer offer, boolean replace, Path place)
      throws PodkitException, Obstacle {
    if (isFree(place, offer)) {
      refuseUsers(pod, place);
      return new VolumeFate(offer, Kind.COPY, "nothing is there yet");
    }
    if (spec.readOnly()) {
      if (offer.digest().isEmpty()) {
        return new VolumeFate(offer, Kind.COMPARE, "something is there already");
      }
      if (offer.digest().equals(digest(place))) {
        return new VolumeFate(offer, Kind.EQUAL, "the same content is there already");
      }
    }
    refuseUsers(pod, place);
    Optional<LeftBehind.Note> own = left.find(place).filter(note -> note.podId().equals(pod.id()));
    if (!spec.readOnly() && own.isPresent() && stamp(place).equals(own.get().stamp())) {
      return new VolumeFate(offer, Kind.REPLACE, "the pod itself left it there");
    }
    if (!replace) {
      throw new Obstacle(
          own.isPresent()
              ? place + " was changed there since the pod left it behind"
              : place + " has other content there already",
          "remove it there, or let it give way with --volume-conflict replace");
    }
    stamp(place); // finds what is mounted in it
    return new VolumeFate(offer, Kind.REPLACE, "what is there gives way, as you said");
  }

  private boolean isFree(Path place, VolumeOffer offer) throws PodkitException, Obstacle {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    if (Files.isDirectory(place) != offer.isDirectory()) {
      throw new Obstacle(
          place + " is " + (offer.isDirectory() ? "no" : "a") + " directory there",
          "remove it there");
    }
    if (offer.isDirectory()) {
      return files.isEmpty(place);
    }
    if (VolumePlaces.isMountPoint(place)) {
      throw new Obstacle(
          "something is mounted on " + place + " there", "unmount it there, or mount the same");
    }
    try {
      return Files.size(place) == 0;
    } catch (IOException e) {
      throw PodkitException.io("cannot look at " + place, e);
    }
  }

  private void refuseUsers(PodRecord pod, Path place) throws PodkitException, Obstacle {
    List<PodRecord> others = users.of(place, pod.name());
    if (!others.isEmpty()) {
      throw new Obstacle(
          place + " is a volume of pod " + others.get(0).name() + " there",
          "remove that pod, or give both the same storage on both hosts");
    }
  }

  private String digest(Path place) throws PodkitException, Obstacle {
    try {
      return files.digest(place);
    } catch (PodkitException e) {
      throw explained(e);
    }
  }

  private String stamp(Path place) throws PodkitException, Obstacle {
    try {
      return files.stamp(place);
    } catch (PodkitException e) {
      throw explained(e);
    }
  }

  /** Something mounted in it is for the user to take away; everything else is a failure. */
  private static Obstacle explained(PodkitException e) throws PodkitException {
    if (e.kind() != ErrorKind.UNSUPPORTED) {
      throw e;
    }
    return new Obstacle(e.what() + " there", "unmount it there, or mount the same storage");
  }

  private static void requireRoom(Path place, long bytes) throws PodkitException, Obstacle {
    try {
      Path existing = place;
      while (!Files.exists(existing)) {
        existing = Objects.requireNonNull(existing.getParent(), "/ exists");
      }
      long free = Files.getFileStore(existing).getUsableSpace();
      if (bytes + MARGIN > free) {
        throw new Obstacle(
            "needs "
                + ((bytes + MARGIN) >> 20)
                + " MiB, "
                + place
                + " has "
                + (free >> 20)
                + " MiB there",
            "free some there");
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot tell how much room " + place + " has", e);
    }
  }
}
