package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeFate.Kind;
import io.podkit.core.api.VolumeOffer;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VolumeTalkTest {
  private final RecordingDeparture pod = new RecordingDeparture(null, new ArrayList<>());

  private VolumeTalk about(String... destinations) throws PodkitException {
    for (String destination : destinations) {
      pod.volumes.add(new VolumeOffer(destination, "", -1, -1, "", Map.of()));
    }
    return new VolumeTalk(pod);
  }

  private static List<VolumeFate> answers(List<VolumeOffer> offers, Kind... kinds) {
    List<VolumeFate> fates = new ArrayList<>();
    for (int i = 0; i < kinds.length; i++) {
      fates.add(new VolumeFate(offers.get(i), kinds[i], "so"));
    }
    return fates;
  }

  @Test
  void whatIsSharedIsNeverMeasured() throws Exception {
    VolumeTalk talk = about("/a", "/b");
    assertThat(talk.hear(answers(talk.offers(), Kind.SHARED, Kind.REFUSED))).isFalse();
    assertThat(talk.fates())
        .extracting(VolumeFate::kind)
        .containsExactly(Kind.SHARED, Kind.REFUSED);
    assertThat(talk.fates()).noneMatch(fate -> fate.offer().isMeasured());
  }

  @Test
  void onlyWhatTheTargetAsksForIsMeasured() throws Exception {
    VolumeTalk talk = about("/a", "/b", "/c");
    assertThat(talk.hear(answers(talk.offers(), Kind.MEASURE, Kind.SHARED, Kind.COMPARE))).isTrue();
    assertThat(talk.offers()).extracting(VolumeOffer::bytes).containsExactly(4096L, -1L, 4096L);
    assertThat(talk.offers()).extracting(VolumeOffer::digest).containsExactly("", "", "sha256:1");
    assertThat(talk.hear(answers(talk.offers(), Kind.COPY, Kind.SHARED, Kind.EQUAL))).isFalse();
    assertThat(talk.fates())
        .extracting(VolumeFate::kind)
        .containsExactly(Kind.COPY, Kind.SHARED, Kind.EQUAL);
  }

  @Test
  void whatCannotBeMeasuredIsInTheWay() throws Exception {
    VolumeTalk talk = about("/a", "/stuck");
    assertThat(talk.hear(answers(talk.offers(), Kind.MEASURE, Kind.MEASURE))).isTrue();
    assertThat(talk.offers()).extracting(VolumeOffer::destination).containsExactly("/a");
    assertThat(talk.hear(answers(talk.offers(), Kind.COPY))).isFalse();
    assertThat(talk.found()).singleElement().matches(check -> check.finding().equals("mounted in"));
  }

  @Test
  void aPeerThatAsksForEver_isNotObeyed() throws Exception {
    VolumeTalk talk = about("/a");
    assertThat(talk.hear(answers(talk.offers(), Kind.COMPARE))).isTrue();
    for (Kind again : List.of(Kind.COMPARE, Kind.MEASURE)) {
      assertThatThrownBy(() -> talk.hear(answers(talk.offers(), again)))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.PEER));
    }
  }

  @Test
  void aPeerThatSpeaksOfOtherVolumes_isNotBelieved() throws Exception {
    VolumeTalk talk = about("/a");
    assertThatThrownBy(() -> talk.hear(List.of())).hasMessageContaining("other volumes");
    VolumeOffer forged = new VolumeOffer("/etc", "", 0, 0, "", Map.of());
    talk.hear(List.of(new VolumeFate(forged, Kind.COPY, "")));
    assertThat(talk.fates().get(0).offer().destination()).isEqualTo("/a");
  }
}
