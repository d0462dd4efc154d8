package io.podkit.fs.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerSource;
import io.podkit.fs.api.LayerSources;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.SaidNeeds;
import io.podkit.fs.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts that see one directory. */
@NeedsRoot
class LayerSourcesIT {
  private static final StagingName WEB = new StagingName("web");

  @TempDir Path shared;

  private TestHost first;
  private TestHost second;
  private LayerStore layers;
  private LayerSources sources;
  private LayerDigest layer;

  @BeforeEach
  void publish() throws Exception {
    first = new TestHost();
    second = new TestHost();
    layers = second.files().layers();
    sources = second.files().layerSources();
    LayerStore own = first.files().layers();
    layer = own.packDirectory(first.directoryWith("a", "file", "hello"), ByteListener.NONE);
    assertThat(publishTo(shared)).isTrue();
  }

  private boolean publishTo(Path directory) throws Exception {
    Path file = first.files().layers().path(layer);
    return first.files().layerSources().publish(layer, file, directory, ByteListener.NONE);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (TestHost a = first;
        TestHost b = second) {
      assertThat(b.mounts()).isEmpty();
      assertThat(a.loops()).isEmpty();
    }
  }

  @Test
  void sharedLayer_isMountedFromThereAndNotCopied() throws Exception {
    assertThat(layers.has(layer)).isFalse();
    assertThat(sources.add(shared).layers()).containsExactly(layer);
    assertThat(layers.has(layer)).isTrue();
    assertThat(layers.hasVerified(layer)).isTrue();
    assertThat(layers.path(layer)).isEqualTo(shared.resolve(layer.hex() + ".sqfs"));
    Path mounted = layers.mount(layer, WEB);
    assertThat(mounted.resolve("file")).hasContent("hello");
    assertThat(layers.list()).isEmpty();
    assertThat(second.files().images().prune(SaidNeeds.nothing())).isEmpty();
    assertThat(layers.path(layer)).exists();
    layers.release(layer, WEB);
  }

  @Test
  void publishingAgain_copiesNothing() throws Exception {
    assertThat(publishTo(shared)).isFalse();
    assertThat(shared).isDirectoryContaining("glob:**.sqfs");
    assertThat(shared.toFile().list()).hasSize(1);
    assertThatThrownBy(() -> publishTo(shared.resolve("nowhere")))
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.NOT_FOUND));
  }

  @Test
  void damagedOwnFile_isNotPublished(@TempDir Path other) throws Exception {
    Path own = first.files().layers().path(layer);
    byte[] bytes = Files.readAllBytes(own);
    bytes[bytes.length / 2] ^= 1;
    Files.write(own, bytes);
    assertThatThrownBy(() -> publishTo(other)).hasMessageContaining("is damaged");
    assertThat(other).isEmptyDirectory();
  }

  @Test
  void cutLayer_countsAsMissingAndSaysWhy() throws Exception {
    sources.add(shared);
    Path file = shared.resolve(layer.hex() + ".sqfs");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
    assertThat(layers.has(layer)).isFalse();
    refused("is cut or no layer");
  }

  @Test
  void changedLayer_isFoundOutBeforeItsFirstUse() throws Exception {
    sources.add(shared);
    change();
    assertThat(layers.has(layer)).isTrue(); // by the look of it
    assertThat(layers.hasVerified(layer)).isFalse();
    refused("is damaged: its content is");
    assertThat(sources.verify(shared, ByteListener.NONE))
        .singleElement()
        .satisfies(one -> assertThat(one.problem()).startsWith("its content is"));
  }

  @Test
  void layerThatLooksDifferent_isReadAgain() throws Exception {
    sources.add(shared);
    assertThat(layers.hasVerified(layer)).isTrue();
    change();
    assertThat(layers.hasVerified(layer)).isFalse();
  }

  private void change() throws Exception {
    Path file = shared.resolve(layer.hex() + ".sqfs");
    byte[] bytes = Files.readAllBytes(file);
    bytes[200] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void vanishedSource_isNamedAndTheOwnStoreIsUsed() throws Exception {
    sources.add(shared);
    Path away = shared.resolveSibling(shared.getFileName() + "-away");
    Files.move(shared, away);
    try {
      assertThat(sources.list()).singleElement().matches(one -> !one.reachable());
      refused("cannot be reached");
      byte[] content = Files.readAllBytes(first.files().layers().path(layer));
      layers.receive(layer, new java.io.ByteArrayInputStream(content), content.length);
      assertThat(layers.mount(layer, WEB).resolve("file")).hasContent("hello");
      layers.release(layer, WEB);
    } finally {
      Files.move(away, shared);
    }
  }

  @Test
  void mountedLayer_isSharedThoughItsSourceIsGone() throws Exception {
    sources.add(shared);
    Path mounted = layers.mount(layer, WEB);
    sources.remove(shared, Map.of());
    StagingName other = new StagingName("db");
    assertThat(layers.mount(layer, other)).isEqualTo(mounted);
    layers.release(layer, WEB);
    layers.release(layer, other);
  }

  @Test
  void linkInASource_isNotFollowed() throws Exception {
    sources.add(shared);
    Path file = shared.resolve(layer.hex() + ".sqfs");
    Files.move(file, shared.resolve("elsewhere"));
    Files.createSymbolicLink(file, Path.of("elsewhere"));
    assertThat(layers.has(layer)).isFalse();
  }

  @Test
  void remove_isRefusedWhileSomebodyNeedsWhatIsOnlyThere() throws Exception {
    sources.add(shared);
    assertThatThrownBy(() -> sources.remove(shared, Map.of(layer, "pod web")))
        .hasMessageContaining("is needed by pod web")
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.CONFLICT));
    sources.remove(shared, Map.of(new LayerDigest("0".repeat(64)), "pod db"));
    assertThat(sources.list()).isEmpty();
    assertThatThrownBy(() -> sources.remove(shared, Map.of()))
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.NOT_FOUND));
  }

  @Test
  void add_refusesWhatCannotBeShared() throws Exception {
    assertThatThrownBy(() -> sources.add(shared.resolve("none")))
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.NOT_FOUND));
    Files.createDirectories(second.dirs().layers());
    assertThatThrownBy(() -> sources.add(second.dirs().layers()))
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.REFUSED));
    sources.add(shared);
    sources.add(shared);
    assertThat(sources.list()).extracting(LayerSource::directory).containsExactly(shared);
  }

  private void refused(String why) {
    assertThatThrownBy(() -> layers.mount(layer, WEB))
        .hasMessageContaining("is not on this host")
        .hasMessageContaining(why)
        .satisfies(e -> assertThat(((PodkitException) e).hint()).isNotNull());
  }
}
