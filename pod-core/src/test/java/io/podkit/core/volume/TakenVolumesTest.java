package io.podkit.core.volume;

import static io.podkit.core.volume.VolumeHost.copy;
import static io.podkit.core.volume.VolumeHost.directory;
import static io.podkit.core.volume.VolumeHost.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.PodState;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeName;
import io.podkit.core.api.VolumeStatus;
import io.podkit.core.store.PodRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakenVolumesTest {
  private static final VolumeName VOL = new VolumeName("vol");

  @TempDir Path work = Path.of("unset");
  private VolumeHost host;
  private PodRecord pod;
  private Path data = Path.of("unset");
  private Path conf = Path.of("unset");

  private final List<VolumeFate> fates =
      List.of(
          copy(directory("/data")),
          copy(file("/conf", "conf")),
          copy(directory("/vol")),
          new VolumeFate(directory("/shared"), VolumeFate.Kind.SHARED, ""));

  @BeforeEach
  void make() throws Exception {
    host = new VolumeHost(work);
    data = Files.createDirectory(host.srv.resolve("data"));
    conf = Files.writeString(host.srv.resolve("conf"), "first");
    Files.createDirectory(host.srv.resolve("shared"));
    host.shelf.create(VOL, Map.of("team", "db"));
    pod =
        host.pod(
            "web",
            PodState.LEAVING,
            data + ":/data",
            conf + ":/conf",
            "vol:/vol",
            host.srv + "/shared:/shared");
  }

  @Test
  void begin_givesTheTreesOfThoseThatTravel() throws Exception {
    List<PodTree> trees = host.taken().begin(pod, fates);
    assertThat(trees)
        .extracting(PodTree::label)
        .containsExactly("volume:/data", "volume:/conf", "volume:/vol");
    assertThat(trees.get(0).directory()).isEqualTo(data);
    Path copied = trees.get(1).directory().resolve("content");
    assertThat(copied).hasContent("first");
    Files.writeString(conf, "second, and longer");
    host.taken().refresh(pod);
    assertThat(copied).hasContent("second, and longer");
    assertThat(Files.getLastModifiedTime(copied)).isEqualTo(Files.getLastModifiedTime(conf));
  }

  @Test
  void release_notesWhatStaysAndRemovesWhatIsOurs() throws Exception {
    host.taken().begin(pod, fates);
    host.taken().release(pod);
    assertThat(host.places.directory(VOL)).doesNotExist();
    assertThat(data).exists();
    List<VolumeStatus> listed = host.named().list();
    assertThat(listed).extracting(VolumeStatus::path).containsExactly(conf, data);
    assertThat(listed).allMatch(volume -> volume.left() != null && volume.left().unchanged());
    Thread.sleep(20);
    Files.createFile(data.resolve("x"));
    assertThat(host.named().list().get(1).left()).isNotNull().matches(left -> !left.unchanged());
    assertThat(host.store.directory(pod.name()).resolve("taken")).doesNotExist();
  }

  @Test
  void release_leavesANamedVolumeToThePodsThatHaveIt() throws Exception {
    host.pod("db", PodState.EXITED, "vol:/var");
    host.taken().begin(pod, fates);
    host.taken().release(pod);
    host.store.delete(pod.name());
    VolumeStatus left = host.named().get(VOL);
    assertThat(left.left()).isNotNull();
    assertThat(left.labels()).containsEntry("team", "db");
    assertThat(left.users()).extracting(Object::toString).containsExactly("db");
  }

  @Test
  void forget_makesALaterReleaseLeaveNothing() throws Exception {
    host.taken().begin(pod, fates);
    host.taken().forget(pod);
    host.taken().release(pod);
    assertThat(host.named().list()).extracting(VolumeStatus::name).containsExactly(VOL);
  }

  @Test
  void namedVolumes_areRemovedOnlyWhenNobodyHasThem() throws Exception {
    assertThatThrownBy(() -> host.named().remove(VOL, true)).hasMessageContaining("in use by web");
    host.store.delete(pod.name());
    PodRecord stopped = host.pod("db", PodState.EXITED, "vol:/var");
    assertThatThrownBy(() -> host.named().remove(VOL, false)).hasMessageContaining("in use by db");
    assertThat(host.named().prune()).isEmpty();
    host.named().remove(VOL, true);
    assertThat(host.places.directory(VOL)).doesNotExist();
    host.store.delete(stopped.name());
    host.named().create(VOL, Map.of());
    assertThatThrownBy(() -> host.named().create(VOL, Map.of())).hasMessageContaining("exists");
    assertThat(host.named().prune()).containsExactly("vol");
    assertThat(host.named().list()).isEmpty();
  }

  @Test
  void prune_forgetsPathsThatAreGone() throws Exception {
    host.taken().begin(pod, fates);
    host.taken().release(pod);
    Files.delete(conf);
    assertThat(host.named().prune()).containsExactly(conf.toString());
    assertThat(data).exists();
  }
}
