package io.podkit.fs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.Lower;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.testing.HandmadeTar;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.SaidNeeds;
import io.podkit.fs.testing.SavedImage;
import io.podkit.fs.testing.TestHost;
import io.podkit.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images of several layers, as other tools save them; looked at as a pod sees them. */
@NeedsRoot
class ArchiveImportIT {
  private static final ImageName NAME = new ImageName("saved");
  private static final StagingName WEB = new StagingName("web");

  private TestHost host;

  @BeforeEach
  void start() throws Exception {
    host = new TestHost();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (TestHost last = host) {
      assertThat(last.mounts()).isEmpty();
      String[] left = last.dirs().root().resolve("layers/scratch").toFile().list();
      assertThat(left == null || left.length == 0).isTrue();
    }
  }

  private static HandmadeTar lower() {
    return new HandmadeTar()
        .entry("etc/", '5', "")
        .file("etc/kept", "lower")
        .file("etc/gone", "lower")
        .entry("hidden/", '5', "")
        .file("hidden/old", "lower")
        .entry("replaced/", '5', "")
        .file("replaced/old", "lower");
  }

  /** Markers before and after what they are about; of a directory, of a file, and aufs' own. */
  private static HandmadeTar upper() {
    return new HandmadeTar()
        .entry("etc/", '5', "")
        .file("etc/.wh.gone", "")
        .file("etc/.wh..wh.aufs", "")
        .file("etc/new", "upper")
        .entry("hidden/", '5', "")
        .file("hidden/new", "upper")
        .file("hidden/.wh..wh..opq", "")
        .entry("replaced/", '5', "")
        .file("replaced/new", "upper")
        .file(".wh.replaced", "");
  }

  private static SavedImage twoLayers() throws Exception {
    return new SavedImage().layer(lower()).layer(upper());
  }

  private Image load(Path source, @Nullable String reference) throws Exception {
    return host.files()
        .images()
        .importImage(
            new ImportRequest(NAME, source, reference, null, ImageConfig.EMPTY), ByteListener.NONE);
  }

  private Path tarOf(Path directory) throws Exception {
    Path tar = host.scratch("saved.tar");
    Command.of("tar", "-C", directory, "-cf", tar, ".").runOrThrow("pack");
    return tar;
  }

  /** The files that a pod of that image sees, but for those that every pod has. */
  private Set<String> seen(Image image) throws Exception {
    StagingSpec spec = StagingSpec.of(WEB, new Lower.Layers(image.layers()));
    host.files().staging().create(spec);
    try (MountedRoot root = host.files().staging().mount(spec);
        Stream<Path> paths = Files.walk(root.root())) {
      Set<String> files = new TreeSet<>();
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = root.root().relativize(path).toString();
        if (!name.startsWith(".pod")) {
          files.add(name + "=" + Files.readString(path));
        }
      }
      return files;
    } finally {
      host.files().staging().remove(WEB);
    }
  }

  @Test
  void everyForm_givesTheSameLayers_andWhatIsGoneIsGone() throws Exception {
    SavedImage saved = twoLayers();
    Path oci = saved.oci(host.scratch("oci"), "v1");
    Image image = load(oci, null);
    assertThat(image.layers()).hasSize(2);
    assertThat(seen(image))
        .containsExactly(
            "etc/kept=lower", "etc/new=upper", "hidden/new=upper", "replaced/new=upper");
    Path docker = saved.docker(host.scratch("docker"), "saved:v1");
    for (Path source : List.of(docker, tarOf(oci))) {
      forgetWhatIsKnown();
      assertThat(load(source, null).layers()).isEqualTo(image.layers());
    }
    forgetWhatIsKnown();
    assertThat(load(tarOf(docker), null).layers()).isEqualTo(image.layers());
    // now nothing is unpacked: a layer of that digest is known
    Files.writeString(docker.resolve("layer0.tar"), "");
    assertThat(load(docker, null).layers()).isEqualTo(image.layers());
    host.files().images().remove(NAME, List.of());
    host.files().images().prune(SaidNeeds.nothing());
    assertRefused(docker, "layer0.tar", "");
  }

  private void forgetWhatIsKnown() throws Exception {
    new TreeRemover(host.sys()).remove(host.dirs().root().resolve("layers/diff-ids"));
  }

  @Test
  void config_isTheImages() throws Exception {
    SavedImage saved =
        twoLayers()
            .config(
                Map.of(
                    "Entrypoint", List.of("/bin/sh"),
                    "Cmd", List.of("-l"),
                    "Env", List.of("A=b"),
                    "WorkingDir", "etc",
                    "User", "nobody",
                    "StopSignal", "SIGRTMIN+3",
                    "ExposedPorts", Map.of("80/tcp", Map.of(), "53/udp", Map.of()),
                    "Volumes", Map.of("/data", Map.of()),
                    "Labels", Map.of("tier", "web")));
    assertThat(load(saved.docker(host.scratch("docker"), "saved:v1"), null).config())
        .isEqualTo(
            new ImageConfig(
                List.of("/bin/sh"),
                List.of("-l"),
                List.of("A=b"),
                "/etc",
                "nobody",
                "SIGRTMIN+3",
                List.of("53/udp", "80/tcp"),
                List.of("/data"),
                Map.of("tier", "web")));
  }

  @Test
  void configThatCannotBeFollowed_isRefused() throws Exception {
    assertRefused(
        twoLayers().config(Map.of("StopSignal", "SIGNO")).docker(host.scratch("docker"), "a:b"),
        "its stop signal 'SIGNO' is not a signal",
        "");
    assertRefused(
        twoLayers()
            .config(Map.of("ExposedPorts", Map.of("99999/tcp", Map.of())))
            .docker(host.scratch("docker"), "a:b"),
        "what it exposes, '99999/tcp' is not a port",
        "");
  }

  @Test
  void severalImages_areToldApartByName() throws Exception {
    Path both = twoLayers().oci(host.scratch("oci"), "registry:5000/saved:v2");
    new SavedImage().layer(lower()).oci(both, "registry:5000/saved:v1");
    assertRefused(both, "the archive has 2 images", "saved:v2, registry:5000/saved:v1");
    assertThat(load(both, "v1").layers()).hasSize(1);
    assertThat(load(both, "registry:5000/saved:v2").layers()).hasSize(2);
  }

  @Test
  void layerThatIsRepeated_liesWhereItWasHighest() throws Exception {
    HandmadeTar change = new HandmadeTar().entry("etc/", '5', "").file("etc/kept", "changed");
    Path docker =
        new SavedImage()
            .layer(lower())
            .layer(change)
            .layer(lower())
            .docker(host.scratch("docker"), "a:b");
    assertThat(seen(load(docker, null))).contains("etc/kept=lower");
  }

  @Test
  void damagedLayer_isRefused() throws Exception {
    assertRefused(
        twoLayers().damaged().docker(host.scratch("docker"), "a:b"),
        "layer1.tar, unpacked, is damaged",
        "");
    Path oci = twoLayers().oci(host.scratch("oci"), "v1");
    Path index = oci.resolve("index.json");
    Files.writeString(index, Files.readString(index).replaceFirst("sha256:..", "sha256:00"));
    assertRefused(oci, "it lacks blobs/sha256/00", "");
  }

  @Test
  void nonsense_isRefused() throws Exception {
    Path docker = twoLayers().docker(host.scratch("docker"), "a:b");
    for (String config :
        List.of(
            "[]", "null", "{\"config\": {\"Env\": [null]}}", "{\"rootfs\": {\"diff_ids\": 1}}")) {
      Files.writeString(docker.resolve("config.json"), config);
      assertRefused(docker, "config.json is not what it should be", "");
    }
    Path oci = twoLayers().oci(host.scratch("oci"), "v1");
    for (String index : List.of("{\"manifests\": [null]}", "[]")) {
      Files.writeString(oci.resolve("index.json"), index);
      assertRefused(oci, "index.json is not what it should be", "");
    }
    Files.writeString(oci.resolve("index.json"), "{\"manifests\": [{\"digest\": \"md5:1\"}]}");
    assertRefused(oci, "'md5:1' is no digest of SHA-256", "");
  }

  @Test
  void imageForAnotherProcessor_isRefused() throws Exception {
    assertRefused(
        twoLayers().architecture("s390x").oci(host.scratch("oci"), "v1"),
        "it is for linux/s390x, this host is linux/",
        "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../../../etc/passwd", "/etc/passwd", "link"})
  void layerOutsideTheArchive_isNotReached(String path) throws Exception {
    Path docker = twoLayers().docker(host.scratch("docker"), "a:b");
    Files.createSymbolicLink(docker.resolve("link"), Path.of("/etc/passwd"));
    Path manifest = docker.resolve("manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("layer1.tar", path));
    assertRefused(docker, "it lacks " + path, "");
  }

  @Test
  void whiteoutOutsideTheImage_isRefused() throws Exception {
    for (String name : List.of("../.wh.x", "etc/.wh...", "etc/.wh.")) {
      Path docker =
          new SavedImage()
              .layer(new HandmadeTar().file(name, ""))
              .docker(host.scratch("docker"), "a:b");
      assertRefused(docker, "the tar file is not accepted", "");
    }
  }

  @Test
  void rootDirectoryWithAFileOfThatName_isNoArchive() throws Exception {
    Path root = Files.createDirectory(host.scratch("plain"));
    for (String content : List.of("[]", "{}", "[{\"Config\": 3}]", "nonsense")) {
      Files.writeString(root.resolve("manifest.json"), content);
      assertThat(seen(load(root, null))).containsExactly("manifest.json=" + content);
    }
    assertRefused(root, "is no image archive", "", "v1");
  }

  private void assertRefused(Path source, String why, String hint) {
    assertRefused(source, why, hint, null);
  }

  private void assertRefused(Path source, String why, String hint, @Nullable String reference) {
    assertThatThrownBy(() -> load(source, reference))
        .isInstanceOfSatisfying(
            PodkitException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ErrorKind.REFUSED);
              assertThat(e.what()).contains(why);
              assertThat(String.valueOf(e.hint())).contains(hint);
            });
  }
}
