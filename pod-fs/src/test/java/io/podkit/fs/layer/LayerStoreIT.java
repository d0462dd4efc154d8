package io.podkit.fs.layer;

import static io.podkit.fs.api.LayerNeeds.Use.CERTAIN;
import static io.podkit.fs.api.LayerNeeds.Use.POSSIBLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.format.LayerHash;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.SaidNeeds;
import io.podkit.fs.testing.TestHost;
import io.podkit.process.Command;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Layers stored and mounted for real. */
@NeedsRoot
class LayerStoreIT {
  private static final StagingName WEB = new StagingName("web");
  private static final StagingName DB = new StagingName("db");

  private TestHost host;
  private LayerStore layers;

  @BeforeEach
  void start() throws Exception {
    host = new TestHost();
    layers = host.files().layers();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (TestHost last = host) {
      assertThat(last.mounts()).isEmpty();
      assertThat(last.loops()).isEmpty();
    }
  }

  @Test
  void sharedLayer_isMountedOnceAndUnmountedWithItsLastUser() throws Exception {
    LayerDigest layer = pack("a", "hello");
    Path first = layers.mount(layer, WEB);
    Path second = layers.mount(layer, DB);

    assertThat(second).isEqualTo(first);
    assertThat(first.resolve("file")).hasContent("hello");
    assertThat(host.mounts()).containsExactly(first);
    assertThat(host.loops()).hasSize(1);
    assertThat(host.loops().get(0).split(" +")).endsWith("1", "1", "1"); // direct, ro, autoclear

    layers.mount(layer, WEB);
    layers.release(layer, WEB);
    assertThat(first.resolve("file")).hasContent("hello");
    layers.release(layer, WEB);
    assertThat(host.mounts()).hasSize(1);
    layers.release(layer, DB);
    assertThat(first).doesNotExist();
  }

  @Test
  void crashedUsers_areForgottenAndLiveOnesRestored() throws Exception {
    LayerDigest dead = pack("a", "dead");
    LayerDigest alive = pack("b", "alive");
    layers.mount(dead, WEB);
    Path mounted = layers.mount(alive, WEB);
    layers.mount(alive, DB);
    Files.delete(host.dirs().layerMounts().resolve(alive.hex() + ".users").resolve("db"));

    SaidNeeds onlyDb = SaidNeeds.nothing().pod(WEB, dead, alive).pod(DB, alive).use(DB, CERTAIN);
    layers.reconcile(onlyDb);
    assertThat(host.mounts()).containsExactly(mounted);
    layers.release(alive, WEB); // no user any more
    assertThat(host.mounts()).containsExactly(mounted);
    layers.reconcile(SaidNeeds.nothing());
  }

  @Test
  void commandAtWork_keepsWhatItHasThoughNoRecordNamesIt() throws Exception {
    LayerDigest layer = pack("a", "hello");
    Path mounted = layers.mount(layer, WEB);
    SaidNeeds creating = SaidNeeds.nothing().use(WEB, POSSIBLE);
    layers.reconcile(creating);
    assertThat(host.files().images().prune(creating)).isEmpty();
    assertThat(host.mounts()).containsExactly(mounted);
    // It died before it could write one.
    assertThat(host.files().images().prune(SaidNeeds.nothing())).containsExactly(layer);
    assertThat(host.mounts()).isEmpty();
  }

  @Test
  void rebooted_usersAreThereButMountsAreNot() throws Exception {
    LayerDigest layer = pack("a", "hello");
    Path mounted = layers.mount(layer, WEB);
    host.sys().umount2(mounted, Set.of());
    assertThat(layers.mount(layer, DB).resolve("file")).hasContent("hello");
    layers.release(layer, DB);
    layers.release(layer, WEB);
  }

  @Test
  void manyAtOnce_mountOnce() throws Exception {
    LayerDigest layer = pack("a", "hello");
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> users =
          java.util.stream.IntStream.range(0, 40)
              .<Future<?>>mapToObj(i -> pool.submit(() -> useAndRelease(layer, "pod" + i)))
              .toList();
      for (Future<?> user : users) {
        user.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private boolean useAndRelease(LayerDigest layer, String pod) throws Exception {
    StagingName user = new StagingName(pod);
    Path mounted = layers.mount(layer, user);
    assertThat(mounted.resolve("file")).hasContent("hello");
    assertThat(host.mounts()).hasSize(1);
    layers.release(layer, user);
    return true;
  }

  @Test
  void receivedLayer_isKeptOnlyIfItIsWhatItClaims() throws Exception {
    LayerDigest layer = pack("a", "hello");
    byte[] content;
    try (InputStream in = layers.open(layer)) {
      content = in.readAllBytes();
    }
    try (TestHost other = new TestHost()) {
      LayerStore target = other.files().layers();
      LayerDigest wrong = new LayerDigest("0".repeat(64));
      refused(() -> target.receive(wrong, new ByteArrayInputStream(content), content.length));
      refused(() -> target.receive(layer, new ByteArrayInputStream(content), content.length + 1));
      refused(() -> target.receive(layer, new ByteArrayInputStream(content), content.length - 1));
      assertThat(target.list()).isEmpty();

      target.receive(layer, new ByteArrayInputStream(content), content.length);
      assertThat(target.list()).containsExactly(layer);
      assertThat(target.size(layer)).isEqualTo(content.length);
      target.receive(layer, InputStream.nullInputStream(), 5); // here already: not read
      assertThat(other.dirs().root().resolve("layers/partial")).isEmptyDirectory();
    }
  }

  @Test
  void gc_removesOnlyWhatNobodyNeeds() throws Exception {
    LayerDigest needed = pack("a", "needed");
    LayerDigest mounted = pack("b", "mounted");
    LayerDigest reserved = pack("c", "reserved");
    LayerDigest garbage = pack("d", "garbage");
    layers.mount(mounted, WEB);
    layers.reserve(Set.of(reserved), WEB);

    ImageStore images = host.files().images();
    SaidNeeds needs = SaidNeeds.nothing().pod(DB, needed).use(WEB, POSSIBLE);
    assertThat(images.prune(needs)).containsExactly(garbage);
    layers.release(mounted, WEB);
    layers.release(reserved, WEB);
    assertThat(images.prune(needs)).containsExactlyInAnyOrder(mounted, reserved);
    assertThat(layers.list()).containsExactly(needed);
  }

  /** Whoever imports names its layers last; until then nothing else keeps them. */
  @Test
  void importsAndPrunesAtOnce_loseNoLayer() throws Exception {
    ImageStore images = host.files().images();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    AtomicBoolean done = new AtomicBoolean();
    try {
      Future<?> pruning =
          pool.submit(
              () -> {
                while (!done.get()) {
                  images.prune(SaidNeeds.nothing());
                }
                return null;
              });
      List<Future<Image>> imports = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        ImportRequest request =
            ImportRequest.of(
                new ImageName("image" + i), host.directoryWith("dir" + i, "file", "content" + i));
        imports.add(pool.submit(() -> images.importImage(request, ByteListener.NONE)));
      }
      for (Future<Image> imported : imports) {
        assertThat(imported.get().layers()).allMatch(LayerStoreIT.this::isHere);
      }
      done.set(true);
      pruning.get();
      assertThat(layers.list()).hasSize(12);
    } finally {
      done.set(true);
      pool.shutdown();
    }
  }

  private boolean isHere(LayerDigest layer) {
    return Files.exists(host.dirs().layers().resolve(layer.hex() + ".sqfs"));
  }

  @Test
  void prune_waitsForWhoeverLooksForLayersRightNow() throws Exception {
    LayerDigest layer = pack("a", "hello");
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<List<LayerDigest>> pruned;
      try (LayerStore.Hold hold = layers.hold()) {
        pruned = pool.submit(() -> host.files().images().prune(SaidNeeds.nothing()));
        Thread.sleep(300);
        assertThat(pruned.isDone()).isFalse();
        layers.reserve(Set.of(layer), WEB);
      }
      assertThat(pruned.get()).containsExactly(layer); // nobody is at work for web
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void damagedFile_isRefusedBeforeTheKernelSeesIt() throws Exception {
    LayerDigest layer = pack("a", "hello");
    Path file = layers.path(layer);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
    assertThatThrownBy(() -> layers.mount(layer, WEB))
        .hasMessageContaining("is damaged")
        .satisfies(e -> assertThat(((PodkitException) e).hint()).isNotNull());
    assertThat(host.loops()).isEmpty();
  }

  /** Nothing makes them yet; a host that does can send them to this one. */
  @Test
  void erofsLayer_isMountedLikeAnyOther() throws Exception {
    assumeThat(Files.readString(Path.of("/proc/filesystems"))).contains("erofs");
    Path file = host.scratch("layer.erofs");
    Path source = host.directoryWith("src", "file", "hello");
    Command.of("mkfs.erofs", "--quiet", file, source).runOrThrow("make an erofs layer");
    LayerDigest layer = LayerHash.of(file);
    try (InputStream in = Files.newInputStream(file)) {
      layers.receive(layer, in, Files.size(file));
    }
    Path mounted = layers.mount(layer, WEB);
    assertThat(mounted.resolve("file")).hasContent("hello");
    assertThat(layers.mount(layer, DB)).isEqualTo(mounted);
    assertThat(host.loops()).hasSize(1);
    layers.release(layer, WEB);
    layers.release(layer, DB);
  }

  @Test
  void missingLayer_isToldAndLeavesNoUser() throws Exception {
    LayerDigest missing = new LayerDigest("1".repeat(64));
    assertThatThrownBy(() -> layers.mount(missing, WEB))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("is not on this host");
    assertThat(host.dirs().layerMounts()).doesNotExist();
  }

  @Test
  void directoryWithAMountInIt_isPackedWithoutWhatIsMounted() throws Exception {
    Path source = host.directoryWith("src", "file", "x");
    Path point = Files.createDirectory(source.resolve("mount point"));
    host.sys().mount("tmpfs", point, "tmpfs", Set.of(), "");
    Files.writeString(point.resolve("secret"), "of the host");
    LayerDigest layer;
    try {
      layer = layers.packDirectory(source, ByteListener.NONE);
    } finally {
      host.sys().umount2(point, Set.of());
    }
    Path mounted = layers.mount(layer, WEB);
    assertThat(mounted.resolve("mount point")).isEmptyDirectory();
    assertThat(mounted.resolve("file")).hasContent("x");
    layers.release(layer, WEB);
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static void refused(Attempt attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("sent a wrong layer")
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.PEER));
  }

  private LayerDigest pack(String name, String content) throws Exception {
    return layers.packDirectory(host.directoryWith(name, "file", content), ByteListener.NONE);
  }
}
