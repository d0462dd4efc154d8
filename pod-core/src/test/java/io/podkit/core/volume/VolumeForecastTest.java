package io.podkit.core.volume;

import static io.podkit.core.volume.VolumeHost.directory;
import static io.podkit.core.volume.VolumeHost.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodState;
import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeFate.Kind;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.store.PodRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeForecastTest {
  private static final VolumeOffer DATA = directory("/data");

  @TempDir Path work = Path.of("unset");
  private VolumeHost host;
  private Path data = Path.of("unset");
  private final List<HostCheck> found = new ArrayList<>();

  @BeforeEach
  void make() throws Exception {
    host = new VolumeHost(work);
    data = host.srv.resolve("data");
  }

  private PodRecord pod(String options) throws Exception {
    PodRecord pod = host.pod("web", PodState.ARRIVING, data + ":/data" + options);
    host.store.delete(pod.name()); // it is not here yet
    return pod;
  }

  private VolumeFate fate(PodRecord pod, VolumeOffer offer, boolean replace) throws Exception {
    return host.forecast().of(pod, offer, replace, found);
  }

  private void content() throws Exception {
    Files.createDirectories(data);
    Files.writeString(data.resolve("x"), "content");
  }

  private void expectRefused(PodRecord pod, VolumeOffer offer, String why, String cure)
      throws Exception {
    assertThat(fate(pod, offer, false).kind()).isEqualTo(Kind.REFUSED);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).subject()).isEqualTo("volume /data");
    assertThat(found.get(0).finding()).contains(data.toString()).contains(why);
    assertThat(found.get(0).cure()).contains(cure);
    found.clear();
  }

  @Test
  void provenShared_isNeverCopied() throws Exception {
    content();
    try (RunningPod.Marks marks = VolumeMarks.make(List.of(data), VolumeHost.MIGRATION)) {
      assertThat(fate(pod(""), DATA, false).kind()).isEqualTo(Kind.SHARED);
      assertThat(fate(pod(":ro"), DATA, false).kind()).isEqualTo(Kind.SHARED);
      assertThat(fate(pod(":shared"), DATA, true).kind()).isEqualTo(Kind.SHARED);
      expectRefused(pod(":private"), DATA, "the same storage", ":shared");
    }
  }

  @Test
  void saidToBeShared_mustBeProven() throws Exception {
    content();
    expectRefused(pod(":shared"), DATA, "not the same storage", ":private");
    expectRefused(pod(":shared:ro"), DATA, "not the same storage", "mount the same");
  }

  @Test
  void whereNothingIs_itIsCopied() throws Exception {
    assertThat(fate(pod(""), DATA, false).kind()).isEqualTo(Kind.COPY);
    Files.createDirectories(data);
    assertThat(fate(pod(":private"), DATA, false).kind()).isEqualTo(Kind.COPY);
    assertThat(fate(pod(":ro"), DATA, false).kind()).isEqualTo(Kind.COPY);
    assertThat(found).isEmpty();
  }

  @Test
  void theSizeIsAskedForBeforeItIsCopied() throws Exception {
    VolumeOffer unmeasured = new VolumeOffer("/data", "", -1, -1, "", Map.of());
    assertThat(fate(pod(""), unmeasured, false).kind()).isEqualTo(Kind.MEASURE);
    VolumeOffer huge = DATA.measured(1, Long.MAX_VALUE / 2, "");
    expectRefused(pod(""), huge, "MiB", "free some");
  }

  @Test
  void otherContent_givesWayOnlyIfTheUserSaysSo() throws Exception {
    content();
    expectRefused(pod(""), DATA, "other content", "--volume-conflict replace");
    assertThat(fate(pod(""), DATA, true).kind()).isEqualTo(Kind.REPLACE);
    assertThat(fate(pod(":ro"), DATA.measured(1, 1, "sha256:00"), true).kind())
        .isEqualTo(Kind.REPLACE);
  }

  /** The source's word, also that something may be replaced, is another host's word. */
  @Test
  void whereTheHostHasThingsOfItsOwn_nothingIsEverPut() throws Exception {
    List<Path> own =
        List.of(
            host.root.resolve("pki/new"),
            host.root.resolveSibling("run/new"),
            Path.of("/etc/podkit-test-of-volumes"),
            Path.of("/usr/lib/podkit-test-of-volumes"),
            Path.of("/root/podkit-test-of-volumes"));
    for (Path place : own) {
      data = place;
      assertThat(fate(pod(""), DATA, true).kind()).as("%s", place).isEqualTo(Kind.REFUSED);
      found.clear();
      expectRefused(pod(":private"), DATA, "of its own", "/srv");
      assertThatThrownBy(
              () ->
                  host.incoming()
                      .begin(pod(""), List.of(new VolumeFate(DATA, Kind.REPLACE, "a lie"))))
          .hasMessageContaining("things of its own");
    }
  }

  @Test
  void readOnly_isComparedByDigest() throws Exception {
    content();
    assertThat(fate(pod(":ro"), DATA, false).kind()).isEqualTo(Kind.COMPARE);
    VolumeOffer same = DATA.measured(1, 1, host.files().digest(data));
    assertThat(fate(pod(":ro"), same, false).kind()).isEqualTo(Kind.EQUAL);
    expectRefused(pod(":ro"), DATA.measured(1, 1, "sha256:00"), "other content", "remove it");
  }

  @Test
  void whatThePodLeftThere_givesWayUnlessItWasChanged() throws Exception {
    content();
    PodRecord pod = pod("");
    String stamp = host.files().stamp(data);
    host.left.note(data, pod.id(), pod.name(), VolumeHost.NOW, stamp);
    assertThat(fate(pod, DATA, false).kind()).isEqualTo(Kind.REPLACE);
    assertThat(fate(pod, DATA, false).reason()).contains("itself left it");

    Thread.sleep(20);
    Files.writeString(data.resolve("x"), "CONTENT");
    expectRefused(pod, DATA, "was changed there since", "--volume-conflict replace");

    host.left.note(data, "ba9876543210", pod.name(), VolumeHost.NOW, host.files().stamp(data));
    expectRefused(pod, DATA, "other content", "--volume-conflict replace");
  }

  @Test
  void anotherPodsVolume_isNotTouched() throws Exception {
    PodRecord pod = pod("");
    host.pod("db", PodState.EXITED, host.srv + ":/all");
    expectRefused(pod, DATA, "volume of pod db", "remove that pod");
    assertThat(fate(pod, DATA, true).kind()).isEqualTo(Kind.REFUSED);
  }

  @Test
  void aFileIsNoDirectory() throws Exception {
    content();
    expectRefused(pod(""), file("/data", "data"), "a directory", "remove it");
    Files.delete(data.resolve("x"));
    Files.delete(data);
    Files.writeString(data, "content");
    expectRefused(pod(""), DATA, "no directory", "remove it");
    expectRefused(pod(""), file("/data", "data"), "other content", "--volume-conflict");
    Files.writeString(data, "");
    assertThat(fate(pod(""), file("/data", "data"), false).kind()).isEqualTo(Kind.COPY);
  }

  @Test
  void theHostItself_isNotAVolume() throws Exception {
    data = work.toRealPath();
    expectRefused(pod(""), DATA, "target itself", "directory of its own");
  }

  @Test
  void unknownVolumes_areThePeersFault() {
    assertThatThrownBy(() -> fate(pod(""), directory("/other"), false))
        .hasMessageContaining("does not have");
  }

  @Test
  void marks_proveASingleFileByWhatLiesBesideIt() throws Exception {
    Files.writeString(data, "content");
    FileTime before = Files.getLastModifiedTime(host.srv);
    try (RunningPod.Marks marks =
        VolumeMarks.make(List.of(data, host.srv.resolve("data")), VolumeHost.MIGRATION)) {
      assertThat(fate(pod(""), file("/data", "data"), false).kind()).isEqualTo(Kind.SHARED);
      assertThat(fate(pod(""), file("/data", "other"), true).kind()).isEqualTo(Kind.REPLACE);
    }
    assertThat(Files.getLastModifiedTime(host.srv)).isEqualTo(before);
    assertThat(host.srv.toFile().list()).containsExactly("data");
  }
}
