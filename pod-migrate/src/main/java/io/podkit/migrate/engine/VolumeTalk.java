package io.podkit.migrate.engine;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What both hosts say about a pod's volumes until it is known what becomes of each: the target says
 * of which it must know more, the source measures those. For one use.
 */
final class VolumeTalk {
  private final RunningPod pod;
  private final List<HostCheck> found = new ArrayList<>();
  private List<VolumeOffer> offers;
  private List<VolumeFate> fates = List.of();

  VolumeTalk(RunningPod pod) throws PodkitException {
    this.pod = pod;
    offers = pod.volumes(found);
  }

  /** What the target is to be asked about next. */
  List<VolumeOffer> offers() {
    return offers;
  }

  /**
   * Hears the target's answer about {@link #offers}, and measures what it wants to know more of;
   * may read whole volumes.
   *
   * @return whether to ask again; at most twice, since every time more is known
   */
  boolean hear(List<VolumeFate> answers) throws PodkitException {
    fates = about(offers, answers);
    List<VolumeOffer> more = moreOn(fates);
    boolean again = !more.equals(offers);
    offers = more;
    return again;
  }

  /** The target's word, about the volumes as they were offered and not as it repeats them. */
  private static List<VolumeFate> about(List<VolumeOffer> offers, List<VolumeFate> answers)
      throws PodkitException {
    if (answers.size() != offers.size()) {
      throw PodkitException.peer(
          "the target speaks of other volumes than it was asked about", null);
    }
    List<VolumeFate> fates = new ArrayList<>();
    for (int i = 0; i < offers.size(); i++) {
      VolumeFate answer = answers.get(i);
      boolean more = answer.kind() == VolumeFate.Kind.COMPARE;
      boolean known = more ? !offers.get(i).digest().isEmpty() : offers.get(i).isMeasured();
      if (answer.isOpen() && known) {
        throw PodkitException.peer("the target asks for what it was told", null);
      }
      fates.add(new VolumeFate(offers.get(i), answer.kind(), answer.reason()));
    }
    return fates;
  }

  private List<VolumeOffer> moreOn(List<VolumeFate> answers) throws PodkitException {
    List<VolumeOffer> offers = new ArrayList<>();
    for (VolumeFate fate : answers) {
      Optional<VolumeOffer> offer =
          fate.isOpen() ? pod.measure(fate, found) : Optional.of(fate.offer());
      offer.ifPresent(offers::add);
    }
    return offers;
  }

  /** What became known; complete once nothing is to be asked any more. */
  List<VolumeFate> fates() {
    return fates;
  }

  /** What stands in the way here. */
  List<HostCheck> found() {
    return found;
  }
}
