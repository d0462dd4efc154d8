package io.podkit.fs.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageLimits;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.PullRequest;
import io.podkit.fs.api.PullRequest.Access;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.testing.HandmadeTar;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.Programs;
import io.podkit.fs.testing.SaidNeeds;
import io.podkit.fs.testing.SavedImage;
import io.podkit.fs.testing.TestHost;
import io.podkit.fs.testing.ThrowingRunnable;
import io.podkit.linux.MountFlag;
import io.podkit.process.Command;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images from registries: one of Debian's, and one that lies. */
@NeedsRoot
class PullIT {
  private static final ImageName NAME = new ImageName("pulled");
  private static final Access JO = new Access("jo", "secret", List.of());

  private TestHost host;
  private final AtomicLong come = new AtomicLong();

  @BeforeEach
  void start() throws Exception {
    host = new TestHost();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (TestHost last = host) {
      String[] left = last.dirs().root().resolve("layers/scratch").toFile().list();
      assertThat(left == null || left.length == 0).isTrue();
    }
  }

  /** Of several layers, so that some are fetched at once. */
  private static SavedImage saved() throws Exception {
    SavedImage image = new SavedImage();
    for (int i = 0; i < 6; i++) {
      image.layer(layer(i));
    }
    return image.config(Map.of("Cmd", List.of("sh"), "StopSignal", "SIGINT"));
  }

  private static HandmadeTar layer(int number) {
    byte[] noise = new byte[200_000];
    new Random(number).nextBytes(noise);
    return new HandmadeTar()
        .file("common", "of layer " + number)
        .file("file" + number, new String(noise, StandardCharsets.ISO_8859_1));
  }

  private PullRequest request(String reference, boolean insecure, Access access) {
    return new PullRequest(
        NAME, reference, insecure, access, ImageConfig.EMPTY, ImageLimits.STANDARD);
  }

  private Image pull(String reference, Access access) throws Exception {
    come.set(0);
    return host.files()
        .images()
        .pull(request(reference, true, access), (done, total) -> come.set(done));
  }

  private static void refused(ErrorKind kind, String why, String hint, ThrowingRunnable pull) {
    assertThatThrownBy(pull::run)
        .isInstanceOfSatisfying(
            PodkitException.class,
            e -> {
              assertThat(e.what()).contains(why);
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(String.valueOf(e.hint())).contains(hint);
            });
  }

  @Test
  void pulled_isWhatWasPushed_inEveryPacking_andNothingComesTwice() throws Exception {
    try (TestHost other = new TestHost();
        RealRegistry registry = RealRegistry.start(host.scratch("registry"), false, null)) {
      Path oci = saved().oci(host.scratch("oci"), "v1");
      Image expected =
          other.files().images().importImage(ImportRequest.of(NAME, oci), ByteListener.NONE);
      registry.push("oci:" + oci + ":v1", "dir/app:gzip");
      registry.push("oci:" + oci + ":v1", "dir/packed:zstd", "--dest-compress-format", "zstd");
      Image image = pull(registry.reference("dir/packed:zstd"), Access.NONE);
      assertThat(image.layers()).isEqualTo(expected.layers());
      assertThat(image.config()).isEqualTo(expected.config());
      assertThat(image.config().stopSignal()).isEqualTo("SIGINT");
      assertThat(come.get()).isPositive();
      assertThat(pull(registry.reference("dir/app:gzip"), Access.NONE).layers())
          .isEqualTo(expected.layers());
      assertThat(come.get()).isZero();
      // only what is missing
      host.files().images().remove(NAME, List.of());
      host.files()
          .images()
          .prune(new SaidNeeds().pod(new StagingName("pod"), image.layers().get(0)));
      pull(registry.reference("dir/app:gzip"), Access.NONE);
      assertThat(come.get()).isBetween(5 * 200_000L, 5 * 210_000L);
      refused(
          ErrorKind.NOT_FOUND,
          "the registry has no such image or tag",
          "",
          () -> pull(registry.reference("dir/app:nope"), Access.NONE));
    }
  }

  @Test
  void whoWeAre_isAskedAndTold() throws Exception {
    Programs.require("openssl");
    Path tls = Files.createDirectory(host.scratch("tls"));
    Command.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            tls.resolve("key.pem"),
            "-out",
            tls.resolve("cert.pem"))
        .runOrThrow("make a certificate");
    try (RealRegistry registry = RealRegistry.start(host.scratch("registry"), true, tls)) {
      Path oci = saved().oci(host.scratch("oci"), "v1");
      registry.push("oci:" + oci + ":v1", "app:v1", "--dest-creds", "jo:secret");
      String reference = registry.reference("app:v1");
      refused(
          ErrorKind.REFUSED,
          "it cannot be verified",
          "--tls-verify=false",
          () -> host.files().images().pull(request(reference, false, JO), (done, total) -> {}));
      refused(
          ErrorKind.REFUSED,
          "does not let us read it",
          "--creds",
          () -> pull(reference, Access.NONE));
      refused(
          ErrorKind.REFUSED,
          "does not let us read it",
          "--creds",
          () -> pull(reference, new Access("jo", "wrong", List.of())));
      assertThat(pull(reference, JO).layers()).hasSize(6);
      String auth =
          Base64.getEncoder().encodeToString("jo:secret".getBytes(StandardCharsets.UTF_8));
      Path file =
          Files.writeString(
              host.scratch("auth.json"),
              "{\"auths\": {\""
                  + reference.replaceAll("/.*", "")
                  + "\": {\"auth\": \""
                  + auth
                  + "\"}}}");
      Access files = new Access(null, "", List.of(host.scratch("none.json"), file));
      assertThat(pull(reference, files).layers()).hasSize(6);
    }
  }

  @Test
  void nobodyThere_orNoTls_isToldWithACure() throws Exception {
    refused(
        ErrorKind.PEER,
        "the registry cannot be reached",
        "check its name",
        () -> pull("127.0.0.1:1/app", Access.NONE));
    refused(ErrorKind.USAGE, "is no image of a registry", "", () -> pull("no such!", Access.NONE));
    try (FakeRegistry registry = new FakeRegistry(host.scratch("fake"))) {
      refused(
          ErrorKind.REFUSED,
          "it cannot be verified",
          "--tls-verify=false",
          () ->
              host.files()
                  .images()
                  .pull(request(registry.reference(":v1"), false, Access.NONE), (done, all) -> {}));
    }
  }

  @Test
  void index_givesTheImageForThisProcessor() throws Exception {
    String own = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    try (FakeRegistry registry = new FakeRegistry(host.scratch("fake"))) {
      byte[] ours = registry.serve(saved(), "ours");
      byte[] theirs = registry.serve(new SavedImage().layer(layer(9)).architecture("s390x"), "x");
      byte[] index = registry.index("v1", Map.of(own, ours, "s390x", theirs));
      assertThat(pull(registry.reference(":v1"), Access.NONE).layers()).hasSize(6);
      registry.put("manifests/" + SavedImage.digest(index), FakeRegistry.INDEX, index);
      assertThat(pull(registry.reference("@" + SavedImage.digest(index)), Access.NONE).layers())
          .hasSize(6);
      registry.index("other", Map.of("s390x", theirs));
      refused(
          ErrorKind.REFUSED,
          "it has no image for linux/" + own,
          "",
          () -> pull(registry.reference(":other"), Access.NONE));
      refused(
          ErrorKind.REFUSED,
          "it is for linux/s390x",
          "",
          () -> pull(registry.reference(":x"), Access.NONE));
    }
  }

  @Test
  void manifestOfAnotherDigest_isRefused() throws Exception {
    try (FakeRegistry registry = new FakeRegistry(host.scratch("fake"))) {
      byte[] manifest = registry.serve(saved(), "v1");
      String other = "sha256:" + "0".repeat(64);
      registry.put("manifests/" + other, FakeRegistry.MANIFEST, manifest);
      refused(
          ErrorKind.REFUSED,
          "its manifest is damaged",
          "",
          () -> pull(registry.reference("@" + other), Access.NONE));
      byte[] large = new byte[5 << 20];
      Arrays.fill(large, (byte) ' ');
      byte[] config = saved().documentJson();
      registry.answers.put(
          FakeRegistry.blob(config), new FakeRegistry.Answer(200, "x/y", large, large.length));
      refused(
          ErrorKind.REFUSED,
          "its configuration has more than",
          "",
          () -> pull(registry.reference(":v1"), Access.NONE));
    }
  }

  @Test
  void layerThatIsAnother_longerOrCut_leavesNoImage_andWhatCameIsKept() throws Exception {
    try (FakeRegistry registry = new FakeRegistry(host.scratch("fake"))) {
      registry.serve(saved(), "v1");
      List<byte[]> layers = saved().layers();
      String last = FakeRegistry.blob(layers.get(5));
      byte[] good = layers.get(5);
      byte[] other = good.clone();
      other[100_000] ^= 1;
      registry.put(last, "x/y", other);
      refused(
          ErrorKind.REFUSED, "is damaged", "", () -> pull(registry.reference(":v1"), Access.NONE));
      byte[] longer = Arrays.copyOf(good, good.length + 1000);
      registry.put(last, "x/y", longer);
      refused(
          ErrorKind.REFUSED,
          "is longer than its manifest says",
          "",
          () -> pull(registry.reference(":v1"), Access.NONE));
      registry.answers.put(
          last, new FakeRegistry.Answer(200, "x/y", Arrays.copyOf(good, 50_000), good.length));
      int before = registry.asked(last);
      refused(
          ErrorKind.PEER,
          "the connection to the registry failed",
          "try again",
          () -> pull(registry.reference(":v1"), Access.NONE));
      assertThat(registry.asked(last)).isGreaterThanOrEqualTo(before + 3);
      registry.answers.put(last, new FakeRegistry.Answer(503, "x/y", new byte[0], 0));
      refused(ErrorKind.PEER, "connection", "", () -> pull(registry.reference(":v1"), Access.NONE));
      assertThat(host.files().images().list()).isEmpty();
      int first = registry.asked(FakeRegistry.blob(layers.get(0)));
      registry.put(last, "x/y", good);
      assertThat(pull(registry.reference(":v1"), Access.NONE).layers()).hasSize(6);
      assertThat(registry.asked(FakeRegistry.blob(layers.get(0)))).isEqualTo(first);
    }
  }

  @Test
  void fullDisk_endsThePull_andLeavesNothing() throws Exception {
    Path root = Files.createDirectories(host.dirs().root());
    host.sys().mount("none", root, "tmpfs", EnumSet.noneOf(MountFlag.class), "size=700k");
    try (FakeRegistry registry = new FakeRegistry(host.scratch("fake"))) {
      registry.serve(saved(), "v1");
      assertThatThrownBy(() -> pull(registry.reference(":v1"), Access.NONE))
          .isInstanceOf(PodkitException.class)
          .hasMessageContaining("No space left");
      assertThat(host.files().images().list()).isEmpty();
      String[] left = root.resolve("layers/scratch").toFile().list();
      assertThat(left).isEmpty();
    } finally {
      Command.of("umount", root).runOrThrow("unmount the small disk");
    }
  }
}
