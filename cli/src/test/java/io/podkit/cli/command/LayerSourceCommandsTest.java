package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.cli.fake.Samples;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerSource;
import io.podkit.fs.api.LayerSources;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The {@code pod layer-source} commands. */
class LayerSourceCommandsTest {
  private static final LayerDigest LAYER = LayerDigest.parse(Samples.LAYER);
  private static final Path SHARED = Path.of("/mnt/layers");

  private final PodShell shell = new PodShell();

  @Test
  void add_saysWhichDirectory() {
    assertThat(shell.run("layer-source", "add", "/mnt/../mnt/layers"))
        .isEqualTo(new Result(0, "/mnt/layers\n", ""));
    assertThat(shell.host.sources.calls).containsExactly("add /mnt/layers");
    assertThat(shell.run("layer-source", "add").code()).isEqualTo(2);
  }

  @Test
  void ls() {
    shell.host.sources.sources.add(new LayerSource(SHARED, true, List.of(LAYER), 123_456_789));
    shell.host.sources.sources.add(new LayerSource(Path.of("/mnt/gone"), false, List.of(), 0));
    Golden.check("layer-source-ls.txt", shell.run("layer-source", "ls").out());
    Golden.check("layer-source-ls.json", shell.run("layer-source", "ls", "-o", "json").out());
  }

  @Test
  void rm_tellsWhoNeedsWhat() {
    shell.host.sources.sources.add(new LayerSource(SHARED, true, List.of(LAYER), 5));
    shell.host.images.add("debian", ImageConfig.EMPTY);
    assertThat(shell.run("layer-source", "rm", "/mnt/layers"))
        .isEqualTo(new Result(0, "/mnt/layers\n", ""));
    assertThat(shell.host.sources.calls)
        .containsExactly("remove /mnt/layers {" + LAYER + "=image debian}");
    assertThat(shell.run("layer-source", "rm", "/mnt/layers").code()).isEqualTo(3);
  }

  @Test
  void verify_failsIfALayerIsWrong() {
    shell.host.sources.sources.add(new LayerSource(SHARED, true, List.of(LAYER), 5));
    shell.host.sources.verified.add(new LayerSources.Verified(SHARED, LAYER, ""));
    assertThat(shell.run("layer-source", "verify").code()).isZero();

    LayerDigest other = new LayerDigest("cd".repeat(32));
    shell.host.sources.verified.add(
        new LayerSources.Verified(SHARED, other, "it is cut or no layer"));
    Result wrong = shell.run("layer-source", "verify", "/mnt/layers");
    assertThat(wrong.code()).isEqualTo(1);
    Golden.check("layer-source-verify.txt", wrong.out());
    Golden.check(
        "layer-source-verify.json", shell.run("layer-source", "verify", "-o", "json").out());
  }

  @Test
  void publish_saysWhatWasCopied() {
    shell.host.images.add("debian", ImageConfig.EMPTY);
    assertThat(shell.run("layer-source", "publish", "debian", "/mnt/layers").out())
        .isEqualTo(LAYER + "\n");
    assertThat(shell.host.sources.calls)
        .containsExactly(
            "publish abababababab /var/lib/pod/layers/sha256/abababababab /mnt/layers");
    assertThat(shell.run("layer-source", "publish", "nope", "/mnt/layers").code()).isEqualTo(3);
  }
}
