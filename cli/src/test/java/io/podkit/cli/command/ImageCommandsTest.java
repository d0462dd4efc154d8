package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.cli.fake.Samples;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.LayerDigest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageCommandsTest {
  private final PodShell shell = new PodShell();

  @Test
  void import_printsTheNewLayer() {
    Result result = shell.run("image", "import", "debian", "/srv/rootfs");

    assertThat(result).isEqualTo(new Result(0, Samples.LAYER + "\n", ""));
    assertThat(shell.host.images.imports)
        .containsExactly(ImportRequest.of(new ImageName("debian"), Path.of("/srv/rootfs")));
  }

  @Test
  void import_takesBaseAndChanges() {
    Result result =
        shell.run(
            "image",
            "import",
            "-o",
            "json",
            "--base",
            "debian",
            "-c",
            "CMD [\"redis-server\"]",
            "--change",
            "USER redis",
            "--reference",
            "redis:7",
            "redis",
            "/srv/redis.tar");

    assertThat(shell.host.images.imports)
        .containsExactly(
            new ImportRequest(
                new ImageName("redis"),
                Path.of("/srv/redis.tar"),
                "redis:7",
                new ImageName("debian"),
                new ImageConfig(List.of(), List.of("redis-server"), List.of(), null, "redis")));
    Golden.check("image-import.json", result.out());
  }

  @Test
  void import_refusesWrongNames() {
    assertThat(shell.run("image", "import", "NO", "/x").code()).isEqualTo(2);
    assertThat(shell.run("image", "import", "a", "/x", "-c", "RUN x").code()).isEqualTo(2);
  }

  @Test
  void ls() {
    shell.host.images.add("debian", ImageConfig.EMPTY).add("redis:7", ImageConfig.EMPTY);
    Golden.check("image-ls.txt", shell.run("image", "ls").out());
    Golden.check("image-ls.json", shell.run("image", "ls", "-o", "json").out());
    assertThat(shell.run("image", "ls", "-q").out()).isEqualTo("debian\nredis:7\n");
  }

  @Test
  void rm_tellsTheStoreWhoUsesTheImageAndPrunes() {
    shell.host.images.add("debian", ImageConfig.EMPTY).add("redis", ImageConfig.EMPTY);
    shell.pods.add(Samples.running("cache"));

    assertThat(shell.run("image", "rm", "debian")).isEqualTo(new Result(0, "debian\n", ""));
    assertThat(shell.host.images.calls).containsExactly("remove debian []");
    assertThat(shell.pods.calls).contains("prune");

    Result used = shell.run("image", "rm", "redis");
    assertThat(used).isEqualTo(new Result(4, "", "error: image redis is used by [cache]\n"));
    assertThat(shell.run("image", "rm", "nope").code()).isEqualTo(3);
  }

  @Test
  void inspect_tellsAllOfEach() {
    shell.host.images.add("debian", ImageConfig.EMPTY).add("redis:7", ImageConfig.EMPTY);
    Golden.check("image-inspect.json", shell.run("image", "inspect", "redis:7").out());
    assertThat(shell.run("image", "inspect", "debian", "nope").code()).isEqualTo(3);
    assertThat(shell.run("image", "inspect", "NO").code()).isEqualTo(2);
  }

  @Test
  void prune_saysWhatWasRemoved() {
    shell.pods.prunable = List.of(LayerDigest.parse("sha256:" + "cd".repeat(32)));

    assertThat(shell.run("image", "prune"))
        .isEqualTo(new Result(0, "sha256:" + "cd".repeat(32) + "\n", ""));
  }
}
