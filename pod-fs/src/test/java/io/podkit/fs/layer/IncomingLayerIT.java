package io.podkit.fs.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.IncomingLayer;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.testing.Disk;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.SaidNeeds;
import io.podkit.fs.testing.TestHost;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Layers that come from another host, in one piece, in several, and not at all. */
@NeedsRoot
class IncomingLayerIT {
  private static final int HALF = 1 << 20;

  private TestHost source;
  private TestHost host;
  private LayerStore layers;
  private LayerDigest layer;
  private byte[] content;

  @BeforeEach
  void start() throws Exception {
    source = new TestHost();
    host = new TestHost();
    layers = host.files().layers();
    Path directory = Files.createDirectories(source.scratch("a"));
    byte[] random = new byte[2 * HALF];
    new Random(3).nextBytes(random);
    Files.write(directory.resolve("file"), random);
    layer = source.files().layers().packDirectory(directory, ByteListener.NONE);
    content = Files.readAllBytes(source.files().layers().path(layer));
  }

  @AfterEach
  void end() throws Exception {
    source.close();
    host.close();
  }

  @Test
  void brokenTransfer_isContinued() throws Exception {
    breakOff(layers);
    assertThat(layers.has(layer)).isFalse();
    assertThat(layers.missingBytes(layer, content.length)).isEqualTo(content.length - HALF);
    try (IncomingLayer rest = layers.incoming(layer, content.length)) {
      assertThat(rest.isHere()).isFalse();
      assertThat(rest.offset()).isEqualTo(HALF);
      assertThat(rest.prefix()).isEqualTo(source.files().layers().prefix(layer, HALF));
      rest.receive(from(HALF), HALF);
      assertThat(rest.isHere()).isTrue();
    }
    assertThat(layers.path(layer)).hasBinaryContent(content);
    assertThat(partial()).isEmptyDirectory();
    assertThat(layers.missingBytes(layer, content.length)).isZero();
  }

  @Test
  void changedBeginning_hasAnotherDigestAndCanBeSentAnew() throws Exception {
    breakOff(layers);
    Path file = partial().resolve(layer.hex());
    byte[] bytes = Files.readAllBytes(file);
    bytes[5] ^= 1;
    Files.write(file, bytes);
    try (IncomingLayer rest = layers.incoming(layer, content.length)) {
      assertThat(rest.prefix()).isNotEqualTo(source.files().layers().prefix(layer, HALF));
      rest.receive(from(0), 0);
    }
    assertThat(layers.path(layer)).hasBinaryContent(content);
  }

  @Test
  void wrongRest_isThrownAwayAsAWhole() throws Exception {
    breakOff(layers);
    byte[] wrong = Arrays.copyOfRange(content, HALF, content.length);
    wrong[7] ^= 1;
    try (IncomingLayer rest = layers.incoming(layer, content.length)) {
      assertThatThrownBy(() -> rest.receive(new ByteArrayInputStream(wrong), HALF))
          .hasMessageContaining("sent a wrong layer")
          .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.PEER));
    }
    assertThat(partial()).isEmptyDirectory();
    assertThat(layers.list()).isEmpty();
  }

  @Test
  void longerThanTheLayer_isForgotten() throws Exception {
    breakOff(layers);
    try (IncomingLayer rest = layers.incoming(layer, HALF / 2)) {
      assertThat(rest.offset()).isZero();
    }
  }

  @Test
  void otherOffset_isRefused() throws Exception {
    breakOff(layers);
    try (IncomingLayer rest = layers.incoming(layer, content.length)) {
      assertThatThrownBy(() -> rest.receive(from(HALF + 1), HALF + 1))
          .isInstanceOf(PodkitException.class);
    }
    assertThat(layers.missingBytes(layer, content.length)).isEqualTo(content.length - HALF);
  }

  @Test
  void sameLayerTwiceAtOnce_comesOnce() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<Boolean> second;
      try (IncomingLayer first = layers.incoming(layer, content.length)) {
        second = pool.submit(this::isHereInItsTurn);
        Thread.sleep(300);
        assertThat(second.isDone()).isFalse();
        first.receive(from(0), 0);
      }
      assertThat(second.get()).isTrue();
    } finally {
      pool.shutdown();
    }
  }

  private boolean isHereInItsTurn() throws Exception {
    try (IncomingLayer incoming = layers.incoming(layer, content.length)) {
      return incoming.isHere();
    }
  }

  @Test
  void whoWaited_goesOnWhereTheFirstBrokeOff() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<Long> second;
      try (IncomingLayer first = layers.incoming(layer, content.length)) {
        second =
            pool.submit(
                () -> {
                  try (IncomingLayer incoming = layers.incoming(layer, content.length)) {
                    long offset = incoming.offset();
                    incoming.receive(from((int) offset), offset);
                    return offset;
                  }
                });
        Thread.sleep(200);
        assertThatThrownBy(() -> first.receive(broken(), 0)).isInstanceOf(IOException.class);
      }
      assertThat(second.get()).isEqualTo(HALF);
      assertThat(layers.path(layer)).hasBinaryContent(content);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void prune_removesPartsButNotWhatIsComing() throws Exception {
    breakOff(layers);
    try (IncomingLayer coming = layers.incoming(layer, content.length)) {
      host.files().images().prune(SaidNeeds.nothing());
      assertThat(coming.offset()).isEqualTo(HALF);
      assertThat(partial().resolve(layer.hex())).hasSize(HALF);
    }
    host.files().images().prune(SaidNeeds.nothing());
    assertThat(partial()).isEmptyDirectory();
  }

  @Test
  void oldParts_goByThemselves() throws Exception {
    breakOff(layers);
    Path file = partial().resolve(layer.hex());
    Instant lastWeek = Instant.now().minus(Duration.ofDays(8));
    Files.setLastModifiedTime(file, FileTime.from(lastWeek));
    LayerDigest other = new LayerDigest("0".repeat(64));
    layers.incoming(other, 1).close();
    assertThat(partial()).isEmptyDirectory();
  }

  @Test
  void fullDisk_isSaidBeforeAnythingComes() throws Exception {
    try (Disk disk = Disk.make(host.scratch("."), 8L << 20, "", "mkfs.ext4", "-q")) {
      LayerStore small = storeOn(disk);
      try (IncomingLayer incoming = small.incoming(layer, 1L << 30)) {
        assertThatThrownBy(() -> incoming.receive(InputStream.nullInputStream(), 0))
            .hasMessageContaining("KiB left on the disk")
            .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.IO));
      }
    }
  }

  /** Somebody else fills it meanwhile. */
  @Test
  void diskThatFillsUp_isNotLeftFull() throws Exception {
    try (Disk disk = Disk.make(host.scratch("."), 8L << 20, "", "mkfs.ext4", "-q")) {
      LayerStore small = storeOn(disk);
      InputStream filling =
          new SequenceInputStream(
              new ByteArrayInputStream(content, 0, HALF), new Event(() -> fill(disk)));
      InputStream all = new SequenceInputStream(filling, from(HALF));
      try (IncomingLayer incoming = small.incoming(layer, content.length)) {
        assertThatThrownBy(() -> incoming.receive(all, 0))
            .hasMessageContaining("cannot store layer")
            .hasMessageContaining("No space left");
      }
      assertThat(disk.directory().resolve("root/layers/partial")).isEmptyDirectory();
    }
  }

  private LayerStore storeOn(Disk disk) {
    HostDirs dirs = new HostDirs(disk.directory().resolve("root"), host.scratch("run2"));
    return PodFileSystem.open(dirs, host.scratch("pod-init")).layers();
  }

  private void breakOff(LayerStore store) throws Exception {
    try (IncomingLayer incoming = store.incoming(layer, content.length)) {
      assertThat(incoming.offset()).isZero();
      assertThatThrownBy(() -> incoming.receive(broken(), 0))
          .isInstanceOf(IOException.class)
          .hasMessage("the link broke");
    }
  }

  private static void fill(Disk disk) throws IOException {
    byte[] rest = new byte[(int) Files.getFileStore(disk.directory()).getUnallocatedSpace()];
    try (var out = Files.newOutputStream(disk.directory().resolve("other"))) {
      assertThatThrownBy(() -> out.write(rest)).hasMessageContaining("No space left");
    }
  }

  private InputStream broken() {
    return new SequenceInputStream(
        new ByteArrayInputStream(content, 0, HALF),
        new Event(
            () -> {
              throw new IOException("the link broke");
            }));
  }

  /** An empty stream where something happens when somebody comes to it. */
  private static final class Event extends InputStream {
    private interface Action {
      void run() throws IOException;
    }

    private final Action action;

    Event(Action action) {
      this.action = action;
    }

    @Override
    public int read() throws IOException {
      action.run();
      return -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return read();
    }
  }

  private InputStream from(int offset) {
    return new ByteArrayInputStream(content, offset, content.length - offset);
  }

  private Path partial() {
    return host.dirs().root().resolve("layers").resolve("partial");
  }
}
