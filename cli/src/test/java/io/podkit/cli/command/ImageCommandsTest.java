package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.cli.fake.Samples;
import io.podkit.core.api.CommitSpec;
import io.podkit.fs.api.HistoryEntry;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageLimits;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.LayerCheck;
import io.podkit.fs.api.LayerCheck.Verdict;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.PullRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void import_takesLimits() {
    shell.run("image", "import", "--max-size", "1g", "--max-entries", "100", "a", "/x");
    assertThat(shell.host.images.imports.get(0).limits())
        .isEqualTo(new ImageLimits(100, 1 << 30, 256));
    Result wrong = shell.run("image", "import", "--max-entries", "many", "a", "/x");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--max-entries: 'many' is not a number");
    assertThat(shell.run("image", "import", "--max-entries", "0", "a", "/x").code()).isEqualTo(2);
  }

  @Test
  void pull_takesWhatPodmanTakes(@TempDir Path directory) throws Exception {
    Path auth = Files.writeString(directory.resolve("auth.json"), "{}");
    assertThat(shell.run("image", "pull", "localhost:5000/web:v1"))
        .isEqualTo(new Result(0, "localhost:5000/web:v1\n", ""));
    shell.run(
        "image", "pull", "--tls-verify=false", "--creds", "jo:a:b", "r/w@sha256:" + "0".repeat(64));
    shell.run("image", "pull", "--insecure", "--authfile", auth + "", "--name", "mine", "web");
    List<PullRequest> pulls = shell.host.images.pulls;
    assertThat(pulls)
        .extracting(p -> p.name().value())
        .containsExactly("localhost:5000/web:v1", "r/w", "mine");
    assertThat(pulls).extracting(PullRequest::insecure).containsExactly(false, true, true);
    assertThat(pulls.get(1).access()).isEqualTo(new PullRequest.Access("jo", "a:b", List.of()));
    assertThat(pulls.get(2).access()).isEqualTo(new PullRequest.Access(null, "", List.of(auth)));
    assertThat(pulls.get(2).toString()).doesNotContain("a:b");
    assertThat(pulls.get(1).toString()).doesNotContain("a:b");
    assertThat(shell.run("image", "pull", "--creds", ":x", "web").code()).isEqualTo(2);
    assertThat(shell.run("image", "pull", "--authfile", "/nope", "web").code()).isEqualTo(3);
  }

  @Test
  void history_showsTheLastStepFirst() {
    LayerDigest layer = LayerDigest.parse(Samples.LAYER);
    shell.host.images.images.put(
        "web",
        new Image(
            new ImageName("web"),
            List.of(layer),
            Samples.NOW,
            5 << 20,
            ImageConfig.EMPTY,
            List.of(
                new HistoryEntry(
                    Samples.NOW.minus(Duration.ofDays(9)),
                    "ADD a very long instruction that has\nseveral lines\u001b[2J in / # buildkit",
                    "",
                    "",
                    layer),
                new HistoryEntry(null, "CMD [\"nginx\"]", "Jo", "last", null))));
    Golden.check("image-history.txt", shell.run("image", "history", "web").out());
    Golden.check("image-history.json", shell.run("image", "history", "-o", "json", "web").out());
    shell.host.images.add("plain", ImageConfig.EMPTY);
    assertThat(shell.run("image", "history", "plain").out()).contains("abababababab", "5.0 MiB");
    assertThat(shell.run("image", "history", "nope").code()).isEqualTo(3);
  }

  @Test
  void verify_saysWhichLayerIsBad() {
    LayerDigest good = LayerDigest.parse(Samples.LAYER);
    LayerDigest bad = new LayerDigest("cd".repeat(32));
    shell.host.images.checks =
        List.of(new LayerCheck(good, Verdict.GOOD, 5 << 20, List.of(new ImageName("web"))));
    assertThat(shell.run("image", "verify", "web").code()).isZero();
    shell.host.images.checks =
        List.of(
            new LayerCheck(good, Verdict.GOOD, 5 << 20, List.of(new ImageName("web"))),
            new LayerCheck(bad, Verdict.DAMAGED, 7, List.of()),
            new LayerCheck(bad, Verdict.MISSING, 0, List.of(new ImageName("web"))));
    Result result = shell.run("image", "verify");
    assertThat(result.code()).isEqualTo(1);
    Golden.check("image-verify.txt", result.out());
    Golden.check("image-verify.json", shell.run("image", "verify", "-o", "json").out());
    assertThat(shell.host.images.calls).containsExactly("verify [web]", "verify []", "verify []");
  }

  @Test
  void export_replacesTheFileOnlyWhenItIsWhole(@TempDir Path directory) throws Exception {
    shell.host.images.add("web", ImageConfig.EMPTY);
    Path file = directory.resolve("web.tar");
    assertThat(shell.run("image", "export", "web", file.toString()).code()).isZero();
    assertThat(file).hasContent("archive");
    Files.writeString(file, "old");
    shell.host.images.exportFailure = new IOException("disk full");
    Result failed =
        shell.run("image", "export", "--format", "docker-archive", "web", file.toString());
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("cannot write image web").contains("disk full");
    assertThat(file).hasContent("old");
    assertThat(directory).isDirectoryNotContaining("glob:**.part");
    assertThat(shell.host.images.calls)
        .containsExactly("export web OCI", "export web DOCKER_ARCHIVE");
    assertThat(shell.run("image", "export", "--format", "zip", "web", "x").code()).isEqualTo(2);
    assertThat(shell.run("image", "export", "nope", "-").code()).isEqualTo(3);
  }

  @Test
  void export_toStandardOutput() {
    shell.host.images.add("web", ImageConfig.EMPTY);
    assertThat(shell.run("image", "export", "web", "-").out()).isEqualTo("archive");
  }

  @Test
  void commit_takesWhatPodmanTakes() {
    Result result =
        shell.run(
            "commit", "-a", "Jo", "-m", "note", "-c", "CMD [\"x\"]", "--pause=false", "web", "img");
    assertThat(result).isEqualTo(new Result(0, Samples.LAYER + "\n", ""));
    shell.run("commit", "web", "img");
    assertThat(shell.host.calls)
        .containsExactly(
            "commit web "
                + new CommitSpec(
                    new ImageName("img"),
                    new ImageConfig(List.of(), List.of("x"), List.of(), null, null),
                    "Jo",
                    "note",
                    false),
            "commit web " + new CommitSpec(new ImageName("img"), ImageConfig.EMPTY, "", "", true));
    assertThat(shell.run("commit", "web", "NO").code()).isEqualTo(2);
    assertThat(shell.run("commit", "--pause=maybe", "web", "img").code()).isEqualTo(2);
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
