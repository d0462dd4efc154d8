package io.podkit.core.volume;

import static io.podkit.core.volume.VolumeHost.copy;
import static io.podkit.core.volume.VolumeHost.directory;
import static io.podkit.core.volume.VolumeHost.file;
import static io.podkit.core.volume.VolumeHost.listing;
import static io.podkit.core.volume.VolumeHost.replace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.PodState;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeName;
import io.podkit.core.store.PodRecord;
import io.podkit.error.PodkitException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncomingVolumesTest {
  @TempDir Path directory = Path.of("unset");
  private CutOffFiles files = new CutOffFiles(VolumeHost.kernel(Path.of("/")), 0);
  private VolumeHost host;
  private PodRecord pod;

  /** All sorts: a directory with content, an empty one, a missing one, files, a named volume. */
  private final List<VolumeFate> fates =
      List.of(
          replace(directory("/old")),
          copy(directory("/empty")),
          copy(directory("/missing")),
          replace(file("/file", "conf")),
          copy(file("/newfile", "fresh")),
          copy(directory("/named")));

  @BeforeEach
  void make() throws Exception {
    files = new CutOffFiles(VolumeHost.kernel(directory), Integer.MAX_VALUE);
    host = new VolumeHost(directory, files);
    Files.createDirectories(host.srv.resolve("old/sub"));
    Files.writeString(host.srv.resolve("old/sub/data"), "of before");
    Files.createDirectory(host.srv.resolve("empty"));
    Files.writeString(host.srv.resolve("conf"), "of before");
    pod =
        host.pod(
            "web",
            PodState.ARRIVING,
            host.srv + "/old:/old",
            host.srv + "/empty:/empty",
            host.srv + "/a/b/missing:/missing",
            host.srv + "/conf:/file",
            host.srv + "/c/fresh:/newfile",
            "vol:/named");
  }

  private void receive() throws Exception {
    for (VolumeFate fate : fates) {
      String label = "volume:" + fate.offer().destination();
      Path tree = host.incoming().tree(pod, label).orElseThrow();
      Files.writeString(tree.resolve("content"), "new");
    }
  }

  private Map<String, String> outside() throws Exception {
    Map<String, String> all = listing(directory);
    all.keySet().removeIf(path -> path.startsWith("root/pods"));
    all.remove(""); // and the directories that Podkit keeps for itself may stay
    return all;
  }

  @Test
  void everythingIsInItsPlaceAndNothingOfBeforeIsLeft() throws Exception {
    host.incoming().begin(pod, fates);
    receive();
    List<Path> seen = host.incoming().seen(pod);
    assertThat(seen).allSatisfy(path -> assertThat(path).exists());
    assertThat(host.srv.resolve("old/sub/data")).hasContent("of before");
    Object inode = Files.getAttribute(seen.get(0), "unix:ino");
    host.incoming().place(pod);
    host.incoming().finish(pod);

    assertThat(Files.getAttribute(host.srv.resolve("old"), "unix:ino")).isEqualTo(inode);
    for (String place : List.of("old/content", "empty/content", "a/b/missing/content", "conf")) {
      assertThat(host.srv.resolve(place)).hasContent("new");
    }
    assertThat(host.srv.resolve("c/fresh")).hasContent("new");
    assertThat(host.srv.resolve("old/sub")).doesNotExist();
    assertThat(host.shelf.find(new VolumeName("vol"))).isPresent();
    assertThat(host.places.content(new VolumeName("vol")).resolve("content")).hasContent("new");
    assertThat(listing(directory).keySet()).noneMatch(path -> path.contains(".podkit-"));
    assertThat(host.incoming().seen(pod)).contains(host.srv.resolve("old"));
    assertThat(listing(directory)).doesNotContainKey("root/pods/web/volumes.json");
  }

  @Test
  void undo_leavesNothingBehindBeforeAnythingCame() throws Exception {
    Map<String, String> before = outside();
    host.incoming().begin(pod, fates);
    host.incoming().settle(pod);
    assertThat(outside()).isEqualTo(before);
    host.incoming().undo(pod);
    assertThat(outside()).isEqualTo(before);
  }

  /** Whoever undoes it may die as well, and somebody else goes on. */
  @Test
  void undo_worksWhereverTheProcessDied() throws Exception {
    Map<String, String> before = outside();
    for (int placed = 0; placed <= 12; placed++) {
      for (int undone = 0; undone <= 12; undone += 3) {
        files.allow(Integer.MAX_VALUE);
        host.incoming().begin(pod, fates);
        receive();
        files.allow(placed);
        attempt(() -> host.incoming().place(pod));
        files.allow(undone);
        attempt(() -> host.incoming().undo(pod));
        files.allow(Integer.MAX_VALUE);
        host.incoming().undo(pod);
        assertThat(outside()).as("died at %d, then at %d", placed, undone).isEqualTo(before);
      }
    }
  }

  private interface Step {
    void run() throws PodkitException;
  }

  private static void attempt(Step step) throws PodkitException {
    try {
      step.run();
    } catch (PodkitException e) {
      if (!e.toString().contains("cut off")) {
        throw e;
      }
    }
  }

  @Test
  void finish_goesOnWhereItWasCutOffAndIsNeverUndone() throws Exception {
    host.incoming().begin(pod, fates);
    receive();
    host.incoming().place(pod);
    Map<String, String> placed = outside();
    files.allow(2);
    attempt(() -> host.incoming().finish(pod));
    files.allow(Integer.MAX_VALUE);
    host.incoming().undo(pod); // too late: what was there before is partly gone
    placed.keySet().removeIf(path -> path.contains(".podkit-"));
    assertThat(outside()).isEqualTo(placed);
  }

  @Test
  void begin_refusesWhatHasFilledUpSince() throws Exception {
    Files.createFile(host.srv.resolve("empty/x"));
    assertThatThrownBy(() -> host.incoming().begin(pod, fates))
        .hasMessageContaining("not empty any more");
    Files.delete(host.srv.resolve("empty/x"));
    Files.delete(host.srv.resolve("conf"));
    Files.createDirectory(host.srv.resolve("conf"));
    assertThatThrownBy(() -> host.incoming().begin(pod, fates))
        .hasMessageContaining("something else");
  }

  @Test
  void begin_refusesVolumesThatThePodDoesNotHave() {
    assertThatThrownBy(() -> host.incoming().begin(pod, List.of(copy(directory("/etc")))))
        .hasMessageContaining("does not have");
  }
}
