package io.podkit.migrate.engine;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Control;
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
  private List<VolumeFate> fates = List.of();

  VolumeTalk(RunningPod pod) {
    this.pod = pod;
  }

  /** Asks the target once. */
  @FunctionalInterface
  interface Question {
    /** With these volumes. */
    Control.PreflightAnswer ask(List<VolumeOffer> offers) throws PodkitException;
  }

  /** Asks as often as it takes; at most three times, since every time more is known. */
  Control.PreflightAnswer ask(Question question) throws PodkitException {
    List<VolumeOffer> offers = pod.volumes(found);
    while (true) {
      Control.PreflightAnswer answer = question.ask(offers);
      fates = about(offers, answer.volumes());
      List<VolumeOffer> more = moreOn(fates);
      if (more.equals(offers)) {
        return answer;
      }
      offers = more;
    }
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

  /** What became known; complete once {@link #ask} has returned. */
  List<VolumeFate> fates() {
    return fates;
  }

  /** What stands in the way here. */
  List<HostCheck> found() {
    return found;
  }
}
