package io.podkit.fs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.CommitRequest;
import io.podkit.fs.api.CommitRequest.Stillness;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageFormat;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.LayerCheck;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.Lower;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.TestHost;
import io.podkit.fs.testing.TreeListing;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import io.podkit.linux.PathAt;
import io.podkit.process.Command;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported, committed and verified is what was there. */
@NeedsRoot
class ExportIT {
  private static final ImageName NAME = new ImageName("local/rich:v1");
  private static final ImageName NEXT = new ImageName("next");
  private static final StagingName POD = new StagingName("pod");
  private static final ImageConfig CONFIG =
      new ImageConfig(
          List.of("/init"),
          List.of("-v"),
          List.of("A=b"),
          "/srv",
          "33:33",
          "SIGQUIT",
          List.of("80/tcp"),
          List.of("/data"),
          Map.of("tier", "web"));

  private TestHost host;
  private TestHost other;

  @BeforeEach
  void makeHosts() throws Exception {
    host = new TestHost();
    other = new TestHost();
  }

  @AfterEach
  void removeHosts() throws Exception {
    host.close();
    other.close();
  }

  /** Not by {@link Files}, which would open a FIFO. */
  private void at(Path path, long seconds) throws Exception {
    Instant time = Instant.ofEpochSecond(seconds);
    host.sys().utimensat(PathAt.of(path), time, time);
  }

  /** Everything a layer can have. */
  private Path richTree(String name) throws Exception {
    Path tree = host.scratch(name);
    Files.createDirectories(tree.resolve("dir/sub"));
    Files.writeString(tree.resolve("dir/file"), "content");
    Files.createLink(tree.resolve("again"), tree.resolve("dir/file"));
    Files.createLink(tree.resolve("dir/sub/third"), tree.resolve("dir/file"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("dir/file"));
    Files.createSymbolicLink(tree.resolve("long"), Path.of("x".repeat(300)));
    Files.writeString(tree.resolve("n".repeat(255)), "long name");
    Files.createDirectories(tree.resolve("d".repeat(200)).resolve("e".repeat(200)));
    Files.writeString(tree.resolve("caf\u00e9 \u4e2d"), "not ascii");
    Files.createFile(tree.resolve("empty"));
    try (RandomAccessFile sparse =
        new RandomAccessFile(tree.resolve("dir/sparse").toFile(), "rw")) {
      sparse.setLength(64 << 20);
      sparse.seek(5 << 20);
      sparse.write("data".getBytes(StandardCharsets.US_ASCII));
      sparse.seek((64 << 20) - 1);
      sparse.write(7);
    }
    var sys = host.sys();
    sys.mknod(PathAt.of(tree.resolve("fifo")), FileType.FIFO, 0640, Device.NONE);
    sys.mknod(PathAt.of(tree.resolve("char")), FileType.CHARACTER_DEVICE, 0600, new Device(1, 3));
    sys.mknod(PathAt.of(tree.resolve("block")), FileType.BLOCK_DEVICE, 0600, new Device(7, 300));
    sys.lchown(PathAt.of(tree.resolve("dir/file")), 3_000_000_000L, 33);
    sys.chmod(PathAt.of(tree.resolve("dir/file")), 06755);
    sys.chmod(PathAt.of(tree.resolve("dir/sub")), 01777);
    // cap_net_raw=ep, which is not text
    byte[] capability = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    sys.lsetxattr(PathAt.of(tree.resolve("empty")), "security.capability", capability);
    sys.lsetxattr(PathAt.of(tree.resolve("dir")), "user.note", new byte[] {0, '\n', (byte) 0xff});
    for (String path : List.of("dir/file", "dir/sub", "dir", "empty", "fifo", "")) {
      at(tree.resolve(path), 1_700_000_000L + path.length());
    }
    return tree;
  }

  /** An overlay's upper directory on top of it. */
  private Path upper() throws Exception {
    Path upper = host.scratch("upper");
    Files.createDirectories(upper.resolve("dir/sub"));
    var sys = host.sys();
    sys.mknod(PathAt.of(upper.resolve("again")), FileType.CHARACTER_DEVICE, 0, Device.NONE);
    // an overlay makes its whiteouts links of one inode
    Files.createLink(upper.resolve("link"), upper.resolve("again"));
    sys.lsetxattr(PathAt.of(upper.resolve("dir/sub")), "trusted.overlay.opaque", new byte[] {'y'});
    sys.lsetxattr(PathAt.of(upper.resolve("dir")), "trusted.overlay.impure", new byte[] {'y'});
    sys.lsetxattr(PathAt.of(upper), "trusted.overlay.origin", new byte[] {1, 2, 3});
    Files.writeString(upper.resolve("dir/sub/mine"), "mine");
    Files.createDirectories(upper.resolve(".pod/exec"));
    Files.writeString(upper.resolve(".pod/stdout"), "log");
    Files.createDirectories(upper.resolve("etc"));
    Files.writeString(upper.resolve("etc/hosts"), "127.0.0.1 pod");
    Files.writeString(upper.resolve("etc/hosts.allow"), "all");
    return upper;
  }

  private CommitRequest commit(Path upper, Image base) {
    return new CommitRequest(
        NEXT, upper, Set.of("/.pod", "/etc/hosts"), base.layers(), NAME, CONFIG, "Jo", "note");
  }

  private Image twoLayers() throws Exception {
    Image base =
        host.files()
            .images()
            .importImage(
                new ImportRequest(NAME, richTree("tree"), null, null, CONFIG), ByteListener.NONE);
    return host.files().images().commit(commit(upper(), base), Stillness.GIVEN, ByteListener.NONE);
  }

  private Path export(TestHost from, ImageName name, ImageFormat format, String file)
      throws Exception {
    Path tar = host.scratch(file);
    try (OutputStream out = Files.newOutputStream(tar)) {
      from.files().images().export(name, format, out, ByteListener.NONE);
    }
    return tar;
  }

  private static Map<String, String> seen(TestHost on, Image image) throws Exception {
    StagingSpec spec = StagingSpec.of(POD, new Lower.Layers(image.layers()));
    on.files().staging().create(spec);
    try (MountedRoot root = on.files().staging().mount(spec)) {
      Map<String, String> listing = new TreeMap<>(TreeListing.of(on.sys(), root.root()));
      listing.keySet().removeIf(path -> path.isEmpty() || path.startsWith(".pod"));
      return listing;
    } finally {
      on.files().staging().remove(POD);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ImageFormat.class,
      names = {"OCI", "DOCKER_ARCHIVE"})
  void exported_givesTheSameLayersElsewhere_andTheSameBytesAgain(ImageFormat format)
      throws Exception {
    Image image = twoLayers();
    Path tar = export(host, NEXT, format, "a.tar");
    assertThat(export(host, NEXT, format, "b.tar")).hasSameBinaryContentAs(tar);
    Image again =
        other.files().images().importImage(ImportRequest.of(NEXT, tar), ByteListener.NONE);
    assertThat(again.layers()).isEqualTo(image.layers());
    assertThat(again.config()).isEqualTo(image.config());
    assertThat(again.history()).isEqualTo(image.history());
    assertThat(host.mounts()).isEmpty();
    assertThat(host.loops()).isEmpty();
  }

  @Test
  void committed_isWhatThePodSaw() throws Exception {
    Image image = twoLayers();
    Map<String, String> seen = seen(host, image);
    assertThat(seen).containsKeys("dir/file", "dir/sub/mine", "etc/hosts.allow", "char", "fifo");
    assertThat(seen).doesNotContainKeys("again", "link", "dir/sub/third", "etc/hosts");
    assertThat(image.layers()).hasSize(2);
    assertThat(image.history()).hasSize(2);
    assertThat(image.history().get(1).author()).isEqualTo("Jo");
    assertThat(image.history().get(1).layer()).isEqualTo(image.layers().get(1));
  }

  @Test
  void rootfsTar_isTheMergedTree() throws Exception {
    Map<String, String> seen = seen(host, twoLayers());
    Path tar = export(host, NEXT, ImageFormat.ROOTFS_TAR, "root.tar");
    Image flat = other.files().images().importImage(ImportRequest.of(NEXT, tar), ByteListener.NONE);
    assertThat(flat.layers()).hasSize(1);
    assertThat(seen(other, flat)).isEqualTo(seen);
    assertThat(host.mounts()).isEmpty();
  }

  @Test
  void otherTools_readWhatIsExported() throws Exception {
    twoLayers();
    Path oci = export(host, NEXT, ImageFormat.OCI, "oci.tar");
    Path docker = export(host, NEXT, ImageFormat.DOCKER_ARCHIVE, "docker.tar");
    for (String from : List.of("oci-archive:" + oci, "docker-archive:" + docker)) {
      Path copy = host.scratch("copy" + from.length());
      Command.of("skopeo", "copy", "--quiet", "--insecure-policy", from, "oci:" + copy + ":x")
          .runOrThrow("have skopeo read " + from);
      // What it packed itself is taken for the same, by the digests of the plain tar files.
      Image read =
          other.files().images().importImage(ImportRequest.of(NAME, copy), ByteListener.NONE);
      assertThat(read.layers()).isEqualTo(host.files().images().get(NEXT).layers());
    }
    List<String> names = Command.of("tar", "-tf", oci).runOrThrow("list").lines();
    assertThat(names).startsWith("oci-layout", "index.json");
  }

  @Test
  void commit_stopsThePodOnlyWhileCopying_andLetsGoIfThatFails() throws Exception {
    Image base =
        host.files()
            .images()
            .importImage(ImportRequest.of(NAME, richTree("tree")), ByteListener.NONE);
    List<String> events = new ArrayList<>();
    Stillness stillness =
        copying -> {
          events.add("stop");
          try {
            copying.run();
          } finally {
            events.add("go");
          }
        };
    Path upper = upper();
    host.files()
        .images()
        .commit(commit(upper, base), stillness, (done, total) -> events.add("pack"));
    assertThat(events).startsWith("stop", "go", "pack");
    events.clear();
    Files.writeString(upper.resolve(".wh.x"), "");
    assertThatThrownBy(
            () -> host.files().images().commit(commit(upper, base), stillness, ByteListener.NONE))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.REFUSED));
    assertThat(events).containsExactly("stop", "go");
  }

  @ParameterizedTest
  @ValueSource(strings = {"redirect", "metacopy", "whiteout"})
  void commit_refusesWhatALayerCannotTell(String attribute) throws Exception {
    Image base =
        host.files()
            .images()
            .importImage(ImportRequest.of(NAME, richTree("tree")), ByteListener.NONE);
    Path upper = upper();
    host.sys()
        .lsetxattr(
            PathAt.of(upper.resolve("dir/sub/mine")), "trusted.overlay." + attribute, new byte[0]);
    assertThatThrownBy(
            () ->
                host.files()
                    .images()
                    .commit(commit(upper, base), Stillness.GIVEN, ByteListener.NONE))
        .hasMessageContaining("dir/sub/mine has the attribute trusted.overlay." + attribute);
    assertThat(host.files().images().find(NEXT)).isEmpty();
  }

  @Test
  void verify_findsDamagedAndMissingLayers() throws Exception {
    Image image = twoLayers();
    assertThat(host.files().images().verify(List.of(), ByteListener.NONE))
        .hasSize(2)
        .allMatch(LayerCheck::isGood);
    LayerDigest lower = image.layers().get(0);
    try (RandomAccessFile file =
        new RandomAccessFile(host.files().layers().path(lower).toFile(), "rw")) {
      file.seek(200);
      file.write(file.read() ^ 1);
    }
    Files.delete(host.files().layers().path(image.layers().get(1)));
    for (List<ImageName> names : List.of(List.<ImageName>of(), List.of(NEXT))) {
      List<LayerCheck> checks = host.files().images().verify(names, ByteListener.NONE);
      assertThat(checks)
          .extracting(LayerCheck::layer, LayerCheck::verdict)
          .containsExactlyInAnyOrder(
              Tuple.tuple(lower, LayerCheck.Verdict.DAMAGED),
              Tuple.tuple(image.layers().get(1), LayerCheck.Verdict.MISSING));
    }
    assertThat(host.files().images().verify(List.of(NAME), ByteListener.NONE)).hasSize(1);
    assertThatThrownBy(
            () ->
                host.files()
                    .images()
                    .export(
                        NEXT, ImageFormat.OCI, OutputStream.nullOutputStream(), ByteListener.NONE))
        .hasMessageContaining("is not on this host");
  }
}
