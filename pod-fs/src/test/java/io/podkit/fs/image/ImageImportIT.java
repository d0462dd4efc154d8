package io.podkit.fs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.testing.HandmadeTar;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.SaidNeeds;
import io.podkit.fs.testing.TestHost;
import io.podkit.fs.testing.TreeListing;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import io.podkit.linux.PathAt;
import io.podkit.process.Command;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images imported from directories and from tar files that real programs wrote. */
@NeedsRoot
class ImageImportIT {
  private static final ImageName NAME = new ImageName("test/image:v1");
  private static final Instant WHOLE_SECOND = Instant.parse("2020-01-02T03:04:05Z");

  private TestHost host;
  private ImageStore images;
  private Path source;

  @BeforeEach
  void start() throws Exception {
    host = new TestHost();
    images = host.files().images();
    source = Files.createDirectory(host.scratch("source"));
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (TestHost last = host) {
      assertThat(last.mounts()).isEmpty();
      Path scratch = last.dirs().root().resolve("layers/scratch");
      String[] left = scratch.toFile().list();
      assertThat(left == null || left.length == 0).isTrue();
    }
  }

  @Test
  void directoryAndEveryKindOfTar_giveTheSameLayer() throws Exception {
    makeTree();
    LayerDigest fromDirectory = layerOf(source);
    List<LayerDigest> layers = new ArrayList<>();
    for (String format : List.of("gnu", "pax")) {
      Path tar = tar(format + ".tar", "--format=" + format);
      layers.add(layerOf(tar));
      for (String packer : List.of("gzip", "zstd", "xz")) {
        Path packed = host.scratch(format + packer); // the name says nothing
        Command.of(packer, "-c", tar).stdoutTo(packed).runOrThrow("pack");
        layers.add(layerOf(packed));
      }
    }
    // GNU tar's own format has no attributes: the file with a capability differs.
    List<LayerDigest> pax = layers.subList(4, 8);
    assertThat(pax).containsOnly(fromDirectory);
    assertThat(layers.subList(0, 4)).containsOnly(layers.get(0));
    assertThat(host.files().layers().list()).hasSize(2);
  }

  @Test
  void importedTree_isTheSourceToTheSecond() throws Exception {
    makeTree();
    StagingName user = new StagingName("user");
    LayerDigest layer = layerOf(tar("t.tar", "--format=pax"));
    Path mounted = host.files().layers().mount(layer, user);
    try {
      assertThat(comparable(mounted)).isEqualTo(comparable(source));
    } finally {
      host.files().layers().release(layer, user);
    }
  }

  @Test
  void sparseFormats_areAllRead() throws Exception {
    Path sparse = source.resolve("sparse");
    Command.of("truncate", "-s", "20M", sparse).runOrThrow("make a hole");
    for (int i = 0; i < 40; i++) { // more parts than fit into a header block
      Command.of("dd", "of=" + sparse, "bs=1", "seek=" + i * 400_000, "conv=notrunc", "count=5")
          .stdin("hello".getBytes(StandardCharsets.UTF_8))
          .runOrThrow("write");
    }
    settle();
    LayerDigest expected = layerOf(source);
    for (List<String> format :
        List.of(
            List.of("--format=gnu"),
            List.of("--format=pax", "--sparse-version=0.0"),
            List.of("--format=pax", "--sparse-version=0.1"),
            List.of("--format=pax", "--sparse-version=1.0"))) {
      List<String> options = new ArrayList<>(format);
      options.add("--sparse");
      Path tar = tar("sparse.tar", options.toArray(new String[0]));
      assertThat(Files.size(tar)).isLessThan(2 << 20);
      assertThat(layerOf(tar)).as(format.toString()).isEqualTo(expected);
    }
  }

  @Test
  void tarWithoutItsDirectories_isTheSameAtAnyTime() throws Exception {
    Files.createDirectories(source.resolve("a/b"));
    Files.writeString(source.resolve("a/b/f"), "x");
    settle();
    Path tar = host.scratch("bare.tar");
    Command.of("tar", "-C", source, "-cf", tar, "a/b/f").runOrThrow("tar");
    LayerDigest first = layerOf(tar);
    Thread.sleep(1100);
    assertThat(layerOf(tar)).isEqualTo(first);
  }

  @Test
  void sameNameTwiceInATar_theLastOneCounts() throws Exception {
    Files.writeString(source.resolve("f"), "old");
    Files.createDirectory(source.resolve("d"));
    Files.writeString(source.resolve("d/inner"), "x");
    Path tar = tar("two.tar", "--format=pax");
    Files.writeString(source.resolve("f"), "new");
    Files.delete(source.resolve("d/inner"));
    Files.delete(source.resolve("d"));
    Files.createSymbolicLink(source.resolve("d"), Path.of("f"));
    Command.of("tar", "-C", source, "-rf", tar, "./f", "./d").runOrThrow("tar");
    settle();
    withMounted(
        layerOf(tar),
        mounted -> {
          assertThat(mounted.resolve("f")).hasContent("new");
          assertThat(Files.readSymbolicLink(mounted.resolve("d"))).isEqualTo(Path.of("f"));
        });
  }

  @Test
  void base_liesBeneathAndConfigurationIsInherited() throws Exception {
    ImageConfig config =
        new ImageConfig(List.of("/bin/sh"), List.of("-l"), List.of("A=b"), "/srv", "www-data");
    Path base = host.directoryWith("base", "etc/base", "b");
    Path top = host.directoryWith("top", "etc/top", "t");
    ImageName baseName = new ImageName("debian");
    images.importImage(new ImportRequest(baseName, base, null, null, config), ByteListener.NONE);
    ImageConfig own = new ImageConfig(List.of(), List.of("redis-server"), List.of(), null, null);
    Image image =
        images.importImage(
            new ImportRequest(NAME, top, null, null, own).onTopOf(baseName), ByteListener.NONE);

    assertThat(image.layers()).hasSize(2);
    assertThat(image.layers().get(0)).isEqualTo(images.get(baseName).layers().get(0));
    assertThat(image.config())
        .isEqualTo(
            new ImageConfig(
                List.of(), List.of("redis-server"), List.of("A=b"), "/srv", "www-data"));
    assertThat(images.find(NAME)).contains(image);
    assertThat(images.list()).extracting(Image::name).containsExactly(baseName, NAME);
    assertThat(image.size())
        .isEqualTo(
            host.files().layers().size(image.layers().get(0))
                + host.files().layers().size(image.layers().get(1)));
  }

  @Test
  void remove_isRefusedWhileUsedAndPruneFreesTheRest() throws Exception {
    Path base = host.directoryWith("base", "f", "b");
    Image image = images.importImage(ImportRequest.of(NAME, base), ByteListener.NONE);
    LayerDigest layer = image.layers().get(0);
    assertThatThrownBy(() -> images.remove(NAME, List.of(new StagingName("web"))))
        .hasMessageContaining("used by [web]")
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.CONFLICT));
    assertThat(images.prune(SaidNeeds.nothing())).isEmpty();

    images.remove(NAME, List.of());
    assertThat(images.find(NAME)).isEmpty();
    assertThat(images.prune(SaidNeeds.nothing().pod(new StagingName("web"), layer))).isEmpty();
    assertThat(images.prune(SaidNeeds.nothing())).containsExactly(layer);
    assertThatThrownBy(() -> images.remove(NAME, List.of()))
        .hasMessageContaining("there is no image test/image:v1");
  }

  @Test
  void hostileTar_writesNothingOutside() throws Exception {
    Path outside = Files.createDirectory(host.scratch("outside"));
    Path victim = Files.writeString(outside.resolve("victim"), "untouched");
    byte[] before = Files.readAllBytes(victim);

    refused("would lie outside", tar().file("../escape", "x"));
    refused("would lie outside", tar().file("a/../../escape", "x"));
    refused("would lie outside", tar().entry("link", '1', "../outside/victim"));
    refused("no file of the image", tar().entry("link", '1', victim.toString()));
    refused("would replace the root", tar().file("./", "x").file(".", "x"));
    refused("is no directory of the image", tar().file("f", "x").file("f/g", "x"));
    refused("more than 256 directories", tar().file("d/".repeat(300) + "f", "x"));

    // Links are followed as the image would follow them: within.
    refused("is no directory of the image", tar().entry("l", '2', "/nowhere").file("l/f", "x"));
    Path tar = host.scratch("links.tar");
    tar()
        .file(outside.toString().substring(1) + "/own", "x")
        .entry("out", '2', outside.toString())
        .file("out/victim", "planted")
        .entry("up", '2', "../../../../../../../../" + outside)
        .file("up/other", "planted")
        .file("/absolute", "inside")
        .write(tar);
    withMounted(
        layerOf(tar),
        mounted -> {
          Path inside = mounted.resolve(outside.toString().substring(1));
          assertThat(inside.resolve("victim")).hasContent("planted");
          assertThat(inside.resolve("other")).hasContent("planted");
          assertThat(mounted.resolve("absolute")).hasContent("inside");
        });
    assertThat(victim).hasBinaryContent(before);
    assertThat(outside.resolve("other")).doesNotExist();
    assertThat(Path.of("/absolute")).doesNotExist();
  }

  @Test
  void whatIsNoTar_isToldSo() throws Exception {
    Path text = Files.writeString(host.scratch("notes.tar"), "just some text\n".repeat(100));
    notATar(text, "it is no tar file");
    Path empty = Files.writeString(host.scratch("empty"), "");
    notATar(empty, "it is no tar file");
    makeTree();
    Path whole = tar("whole.tar", "--format=pax");
    Path cut = host.scratch("cut.tar");
    Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(whole), 5000));
    notATar(cut, "it ends early");
    assertThatThrownBy(() -> layerOf(host.scratch("nowhere")))
        .hasMessageContaining("there is no directory or tar file");
    assertThat(images.list()).isEmpty();
  }

  private void notATar(Path file, String why) {
    assertThatThrownBy(() -> layerOf(file))
        .isInstanceOf(PodkitException.class)
        .hasMessageStartingWith("cannot import image test/image:v1: cannot read " + file)
        .hasMessageContaining(why);
  }

  private void refused(String why, HandmadeTar tar) throws Exception {
    Path file = host.scratch("hostile.tar");
    tar.write(file);
    assertThatThrownBy(() -> layerOf(file))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining(why)
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.REFUSED));
    assertThat(host.files().layers().list()).isEmpty();
  }

  private static HandmadeTar tar() {
    return new HandmadeTar();
  }

  private Path tar(String name, String... options) throws Exception {
    Path tar = host.scratch(name);
    List<Object> words = new ArrayList<>(List.of("-C", source));
    boolean pax = List.of(options).contains("--format=pax");
    if (pax) {
      words.addAll(List.of("--xattrs", "--xattrs-include=*"));
    }
    words.addAll(List.of(options));
    words.addAll(List.of("-cf", tar, "."));
    Command.of("tar", words.toArray()).runOrThrow("tar");
    return tar;
  }

  private LayerDigest layerOf(Path from) throws PodkitException {
    List<LayerDigest> layers =
        images.importImage(ImportRequest.of(NAME, from), ByteListener.NONE).layers();
    assertThat(layers).hasSize(1);
    return layers.get(0);
  }

  private interface Check {
    void on(Path mounted) throws Exception;
  }

  private void withMounted(LayerDigest layer, Check check) throws Exception {
    StagingName user = new StagingName("user");
    Path mounted = host.files().layers().mount(layer, user);
    try {
      check.on(mounted);
    } finally {
      host.files().layers().release(layer, user);
    }
  }

  private Map<String, String> comparable(Path tree) throws Exception {
    Map<String, String> lines = new TreeMap<>();
    // Squashfs stores no positions of holes.
    TreeListing.of(host.sys(), tree)
        .forEach((path, line) -> lines.put(path, line.replaceAll(" \\[\\d+,\\d+\\)", "")));
    return lines;
  }

  private void makeTree() throws Exception {
    Files.createDirectories(source.resolve("usr/bin"));
    Path ping = Files.writeString(source.resolve("usr/bin/ping"), "#!/bin/sh\n");
    host.sys().lchown(PathAt.of(ping), 0, 33);
    host.sys().chmod(PathAt.of(ping), 04755);
    // cap_setuid and cap_net_raw: the first is a byte that is not ASCII
    byte[] capability = {1, 0, 0, 2, (byte) 0x80, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    host.sys().lsetxattr(PathAt.of(ping), "security.capability", capability);
    host.sys().lsetxattr(PathAt.of(ping), "user.empty", new byte[0]);
    Files.createLink(source.resolve("hard"), ping);
    Files.createSymbolicLink(source.resolve("bin"), Path.of("usr/bin"));
    host.sys().mkfifo(PathAt.of(source.resolve("fifo")), 0600);
    PathAt nul = PathAt.of(source.resolve("null"));
    host.sys().mknod(nul, FileType.CHARACTER_DEVICE, 0666, new Device(1, 3));
    Path deep = Files.createDirectories(source.resolve("d".repeat(120) + "/" + "e".repeat(120)));
    Files.writeString(deep.resolve("f".repeat(200)), "long name");
    Files.createSymbolicLink(deep.resolve("l"), Path.of("t".repeat(500)));
    Files.write(source.resolve("big"), new byte[1_000_000]);
    Files.writeString(source.resolve("größe"), "umlaut");
    host.sys().lchown(PathAt.of(source.resolve("big")), 3_000_000, 4_000_000);
    settle();
  }

  /** Whole seconds: a tar file of the old kind and squashfs have no more. */
  private void settle() throws Exception {
    try (var paths = Files.walk(source)) {
      for (Path path : paths.toList()) {
        host.sys().utimensat(PathAt.of(path), WHOLE_SECOND, WHOLE_SECOND);
      }
    }
    assertThat(Files.getLastModifiedTime(source)).isEqualTo(FileTime.from(WHOLE_SECOND));
  }
}
