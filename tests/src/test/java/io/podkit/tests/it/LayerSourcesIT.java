package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import io.podkit.process.Subprocess;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.TestPod;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Layers on storage that hosts share: mounted from there, or sent where that cannot be. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
class LayerSourcesIT {
  private static final String IMAGE = HeavyImage.NAME;

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @TempDir Path directory;

  private Host here;
  private Host away;
  private HeavyImage image;
  private Path heavy;

  @BeforeEach
  void makeImage() throws Exception {
    here = LAB.get().hostA();
    away = LAB.get().hostB();
    image = HeavyImage.make(LAB.get(), directory);
    heavy = image.layer();
  }

  @AfterEach
  void forgetImage() throws Exception {
    image.forget();
  }

  @Test
  void layersOnSharedStorage_areNeitherSentNorCopied() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    shareFrom(shared);
    try (TestPod pod = image.sleeper("mover")) {
      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isZero();
      assertThat(away.root().resolve("layers/sha256").resolve(heavy.getFileName())).doesNotExist();
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(image.sha256());
      assertThat(image.loops(away)).contains(shared.resolve(heavy.getFileName()).toString());
      CommandResult refused = away.tryPod("layer-source", "rm", shared);
      assertThat(refused.status().shellCode()).isEqualTo(4);
      assertThat(refused.stderr()).contains("is needed by pod mover");
      pod.moveTo(here);
    } finally {
      away.pod("layer-source", "rm", shared);
    }
  }

  @Test
  void damagedLayerOnSharedStorage_isSentInstead() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    shareFrom(shared);
    Path file = shared.resolve(heavy.getFileName());
    HeavyImage.flip(file, Files.size(file) / 2);
    try (TestPod pod = image.sleeper("mover")) {
      assertThat(away.tryPod("layer-source", "verify").status().shellCode()).isEqualTo(1);
      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isEqualTo(Files.size(heavy));
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(image.sha256());
      pod.moveTo(here);
    } finally {
      away.pod("layer-source", "rm", shared);
    }
  }

  @Test
  void vanishedSharedStorage_isNoObstacle() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    shareFrom(shared);
    Files.move(shared, directory.resolve("unmounted"));
    try (TestPod pod = image.sleeper("mover")) {
      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isGreaterThanOrEqualTo(Files.size(heavy));
      pod.moveTo(here);
    } finally {
      away.pod("layer-source", "rm", shared);
    }
  }

  /** A network filesystem without a network: sshfs on a pipe to its server. */
  @Test
  @Requires(Requirement.SSHFS)
  void layersBehindSshfs_areMountedFromThere() throws Exception {
    Path exported = Files.createDirectory(directory.resolve("exported"));
    Path shared = Files.createDirectory(directory.resolve("shared"));
    here.pod("layer-source", "publish", IMAGE, exported);
    Path pipe = directory.resolve("pipe");
    Command.of("mkfifo", pipe).runOrThrow("make a pipe");
    String script =
        "sshfs -f -o passive,ro any:"
            + exported
            + " "
            + shared
            + " <"
            + pipe
            + " | /usr/lib/openssh/sftp-server >"
            + pipe;
    try (Subprocess server = Command.of("sh", "-c", script).start()) {
      Path file = shared.resolve(heavy.getFileName());
      for (int i = 0; i < 200 && !Files.exists(file); i++) {
        Thread.sleep(50);
      }
      assertThat(file).exists();
      away.pod("layer-source", "add", shared);
      try (TestPod pod = image.sleeper("mover")) {
        JsonNode report = pod.moveTo(away);
        assertThat(report.path("layerBytes").asLong()).isZero();
        assertThat(pod.exec("sha256sum", "/heavy")).startsWith(image.sha256());
        pod.moveTo(here);
      } finally {
        away.pod("layer-source", "rm", shared);
        Command.of("fusermount3", "-u", shared).runOrThrow("unmount sshfs");
      }
    }
  }

  private void shareFrom(Path shared) throws Exception {
    here.pod("layer-source", "publish", IMAGE, shared);
    assertThat(shared.resolve(heavy.getFileName())).exists();
    away.pod("layer-source", "add", shared);
  }
}
