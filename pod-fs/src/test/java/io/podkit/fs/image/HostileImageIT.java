package io.podkit.fs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageLimits;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.Lower;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import io.podkit.fs.testing.HandmadeTar;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.SavedImage;
import io.podkit.fs.testing.TestHost;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import io.podkit.linux.MountFlag;
import io.podkit.linux.PathAt;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that mean harm, or ask for more than there is. Names that lead out: see the imports. */
@NeedsRoot
class HostileImageIT {
  private static final ImageName NAME = new ImageName("hostile");

  private TestHost host;

  @BeforeEach
  void start() throws Exception {
    host = new TestHost();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (TestHost last = host) {
      assertThat(last.mounts()).isEmpty();
      assertThat(last.files().images().list()).isEmpty();
      String[] left = last.dirs().root().resolve("layers/scratch").toFile().list();
      assertThat(left == null || left.length == 0).isTrue();
    }
  }

  private Image load(Path source, ImageLimits limits) throws PodkitException {
    return host.files()
        .images()
        .importImage(
            new ImportRequest(NAME, source, null, null, ImageConfig.EMPTY, limits),
            ByteListener.NONE);
  }

  private PodkitException refused(Path source, ImageLimits limits, String why) {
    PodkitException[] caught = new PodkitException[1];
    assertThatThrownBy(() -> load(source, limits))
        .isInstanceOfSatisfying(PodkitException.class, e -> caught[0] = e);
    assertThat(caught[0].what()).contains(why);
    assertThat(caught[0].kind()).isEqualTo(ErrorKind.REFUSED);
    return caught[0];
  }

  private Path tar(HandmadeTar tar) throws Exception {
    Path file = host.scratch("hostile.tar");
    tar.write(file);
    return file;
  }

  private Path saved(HandmadeTar... layers) throws Exception {
    SavedImage image = new SavedImage();
    for (HandmadeTar layer : layers) {
      image.layer(layer);
    }
    return image.docker(host.scratch("saved"), "a:b");
  }

  @Test
  void limitsHoldForAllLayersTogether() throws Exception {
    HandmadeTar one = new HandmadeTar().file("a", "x".repeat(600)).file("b", "y");
    HandmadeTar two = new HandmadeTar().file("c", "x".repeat(600)).file("d", "y");
    Path image = saved(one, two);
    assertThat(refused(image, new ImageLimits(100, 1000, 256), "more than 1000 bytes").hint())
        .isEqualTo(FsHints.IMAGE_TOO_LARGE);
    // A layer that is known costs nothing more, so it is not counted.
    HandmadeTar other = new HandmadeTar().file("e", "z").file("f", "z");
    refused(saved(other, two), new ImageLimits(3, 10_000, 256), "more than 3 entries");
    refused(tar(new HandmadeTar().file("a/b/c/d", "")), new ImageLimits(9, 9, 2), "directories");
    assertThat(load(saved(one, two), new ImageLimits(4, 1202, 256)).layers()).hasSize(2);
    host.files().images().remove(NAME, List.of());
  }

  @Test
  void bombOfZeros_isFoundBeforeItIsUnpacked() throws Exception {
    // A GiB in a MiB: one file whose size says so, and one that is all headers and blank blocks.
    Path bomb = host.scratch("bomb.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
      byte[] header = new HandmadeTar().hugeFile("bomb", 1L << 30).bytes();
      out.write(header, 0, 512);
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 1024; i++) {
        out.write(zeros);
      }
    }
    long before = used();
    refused(bomb, new ImageLimits(10, 100 << 20, 256), "more than 104857600 bytes");
    assertThat(used() - before).isLessThan(10 << 20);
  }

  private long used() throws Exception {
    return Files.getFileStore(host.scratch(".")).getTotalSpace()
        - Files.getFileStore(host.scratch(".")).getUsableSpace();
  }

  @Test
  void endlessHeaders_takeNoMemory() throws Exception {
    HandmadeTar tar = new HandmadeTar();
    String record = "7340041 user.x=" + "v".repeat(7340041 - 16) + "\n";
    for (int i = 0; i < 6; i++) {
      tar.extension('x', record);
    }
    Path file = tar(tar.file("f", ""));
    assertThatThrownBy(() -> load(file, ImageLimits.STANDARD))
        .hasMessageContaining("an entry's extension headers are too long");
  }

  @Test
  void tooManyLayers_andTooMuchJson_areRefused() throws Exception {
    SavedImage many = new SavedImage();
    for (int i = 0; i < 128; i++) {
      many.layer(new HandmadeTar().file("f" + i, ""));
    }
    refused(many.docker(host.scratch("many"), "a:b"), ImageLimits.STANDARD, "it has 128 layers");
    Path large =
        new SavedImage()
            .layer(new HandmadeTar().file("f", ""))
            .config(Map.of("Labels", Map.of("x", "y".repeat(5 << 20))))
            .docker(host.scratch("large"), "a:b");
    refused(large, ImageLimits.STANDARD, "it lacks config.json");
  }

  @Test
  void asManyLayersAsAllowed_areImportedAndMounted() throws Exception {
    SavedImage many = new SavedImage();
    for (int i = 0; i < 127; i++) {
      many.layer(new HandmadeTar().file("f" + i, "" + i));
    }
    Image image = load(many.docker(host.scratch("many"), "a:b"), ImageLimits.STANDARD);
    StagingSpec spec = StagingSpec.of(new StagingName("pod"), new Lower.Layers(image.layers()));
    host.files().staging().create(spec);
    try (MountedRoot root = host.files().staging().mount(spec)) {
      assertThat(root.root().resolve("f0")).hasContent("0");
      assertThat(root.root().resolve("f126")).hasContent("126");
    }
    host.files().staging().remove(spec.name());
    host.files().images().remove(NAME, List.of());
  }

  @Test
  void names_ofTheLongestKind_areKept_andLongerOnesRefused() throws Exception {
    String longest = "n".repeat(255);
    String deep = (longest + "/").repeat(14) + longest;
    Image image = load(tar(new HandmadeTar().file(deep, "deep")), ImageLimits.STANDARD);
    assertThat(image.layers()).hasSize(1);
    host.files().images().remove(NAME, List.of());
    refused(tar(new HandmadeTar().file("n".repeat(256), "")), ImageLimits.STANDARD, "outside");
  }

  /**
   * The nodes are kept, for the image is somebody's; but none can be opened through a pod's root.
   */
  @Test
  void deviceNodes_cannotBeOpened_andSetUserIdIsKept() throws Exception {
    Path tree = Files.createDirectory(host.scratch("nodes"));
    Files.writeString(tree.resolve("suid"), "#!/bin/sh\n");
    host.sys().chmod(PathAt.of(tree.resolve("suid")), 04755);
    host.sys()
        .mknod(PathAt.of(tree.resolve("null")), FileType.CHARACTER_DEVICE, 0666, new Device(1, 3));
    host.sys()
        .mknod(PathAt.of(tree.resolve("disk")), FileType.BLOCK_DEVICE, 0666, new Device(7, 0));
    Path tar = host.scratch("nodes.tar");
    Command.of("tar", "-C", tree, "-cf", tar, ".").runOrThrow("pack");
    Image image = load(tar, ImageLimits.STANDARD);
    StagingSpec spec = StagingSpec.of(new StagingName("pod"), new Lower.Layers(image.layers()));
    host.files().staging().create(spec);
    try (MountedRoot root = host.files().staging().mount(spec)) {
      for (String node : List.of("null", "disk")) {
        CommandResult opened =
            Command.of("dd", "if=" + root.root().resolve(node), "count=1", "of=/dev/null").run();
        assertThat(opened.success()).isFalse();
        assertThat(opened.stderr()).contains("Permission denied");
      }
      // Not even one that the pod makes itself.
      Path own = root.root().resolve("own");
      host.sys().mknod(PathAt.of(own), FileType.CHARACTER_DEVICE, 0666, new Device(1, 3));
      assertThat(Command.of("dd", "if=" + own, "count=1", "of=/dev/null").run().stderr())
          .contains("Permission denied");
      assertThat(host.sys().lstat(PathAt.of(root.root().resolve("suid"))).permissions())
          .isEqualTo(04755);
    }
    host.files().staging().remove(spec.name());
    host.files().images().remove(NAME, List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"redirect", "metacopy", "whiteout"})
  void attributesThatPointElsewhere_areRefused(String name) throws Exception {
    String record = "SCHILY.xattr.trusted.overlay." + name + "=/etc\n";
    String whole = (record.length() + 3) + " " + record;
    Path file = tar(new HandmadeTar().extension('x', whole).file("f", ""));
    refused(file, ImageLimits.STANDARD, "which points out of the layer");
  }

  @Test
  void fullDisk_endsTheImport_andLeavesNothing() throws Exception {
    byte[] noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    String text = new String(noise, StandardCharsets.ISO_8859_1);
    Path plain = tar(new HandmadeTar().file("noise", text));
    Path image = saved(new HandmadeTar().file("small", ""), new HandmadeTar().file("n", text));
    Path root = Files.createDirectories(host.dirs().root());
    for (Path source : List.of(plain, image)) {
      // Room for the unpacked tree and half of the layer; then not even for the tree.
      for (String size : List.of("5m", "2m")) {
        host.sys().mount("none", root, "tmpfs", EnumSet.noneOf(MountFlag.class), "size=" + size);
        try {
          assertThatThrownBy(() -> load(source, ImageLimits.STANDARD))
              .isInstanceOfSatisfying(
                  PodkitException.class,
                  e -> assertThat(e.what()).containsIgnoringCase("No space left"));
          assertThat(root.resolve("layers/scratch").toFile().list()).isEmpty();
          assertThat(host.files().images().list()).isEmpty();
        } finally {
          Command.of("umount", root).runOrThrow("unmount the small disk");
        }
      }
    }
  }
}
