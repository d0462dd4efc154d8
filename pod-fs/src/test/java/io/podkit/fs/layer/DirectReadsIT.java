package io.podkit.fs.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.testing.Disk;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.TestHost;
import io.podkit.process.Command;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a layer's pages are cached once: as the pages of its files, not of its own file as well. */
@NeedsRoot
class DirectReadsIT {
  private static final StagingName WEB = new StagingName("web");
  private static final int MEBIBYTE = 1 << 20;
  private static final int CONTENT = 16 * MEBIBYTE;

  private TestHost host;

  @BeforeEach
  void start() throws Exception {
    host = new TestHost();
  }

  @AfterEach
  void end() throws Exception {
    host.close();
  }

  @Test
  void onExt4() throws Exception {
    try (Disk disk = Disk.make(host.scratch("."), 256L * MEBIBYTE, "", "mkfs.ext4", "-q")) {
      assertThat(cachedTwice(disk.directory())).isLessThan(MEBIBYTE);
    }
  }

  @Test
  void onXfs() throws Exception {
    try (Disk disk = Disk.make(host.scratch("."), 400L * MEBIBYTE, "", "mkfs.xfs", "-q", "-f")) {
      assertThat(cachedTwice(disk.directory())).isLessThan(MEBIBYTE);
    }
  }

  /**
   * Reads directly only whole blocks of its own, which a loop device does not ask for by itself.
   */
  @Test
  void onBtrfs() throws Exception {
    try (Disk disk = Disk.make(host.scratch("."), 256L * MEBIBYTE, "", "mkfs.btrfs", "-q", "-f")) {
      assertThat(cachedTwice(disk.directory())).isLessThan(MEBIBYTE);
    }
  }

  /** Has nothing but the page cache: the layer is there once for that, and can be mounted. */
  @Test
  void onTmpfs_theLayerIsReadAllTheSame() throws Exception {
    try (Disk disk = Disk.inMemory(host.scratch("."), "tmpfs", "size=200m")) {
      assertThat(cachedTwice(disk.directory())).isGreaterThan(CONTENT / 2);
    }
  }

  /** Bytes of the layer's file in the page cache after all of the layer was read. */
  private long cachedTwice(Path root) throws Exception {
    HostDirs dirs = new HostDirs(root.resolve("root"), host.scratch("run"));
    LayerStore layers = PodFileSystem.open(dirs, host.scratch("pod-init")).layers();
    Path source = host.scratch("source");
    Files.createDirectories(source);
    byte[] random = new byte[CONTENT];
    new Random(7).nextBytes(random);
    Files.write(source.resolve("large"), random);
    LayerDigest layer = layers.packDirectory(source, ByteListener.NONE);
    Path mounted = layers.mount(layer, WEB);
    try {
      Path file = layers.path(layer);
      Command.of("sync").runOrThrow("sync");
      drop(file);
      try (InputStream in = Files.newInputStream(mounted.resolve("large"))) {
        assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(CONTENT);
      }
      assertThat(mounted.resolve("large")).hasBinaryContent(random);
      // Most of it: the kernel may take some away at any moment.
      assertThat(cached(mounted.resolve("large"))).isGreaterThan(CONTENT / 2);
      return cached(file);
    } finally {
      layers.release(layer, WEB);
    }
  }

  /** Packing has left the file's pages there. */
  private static void drop(Path file) throws Exception {
    Command.of("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
        .runOrThrow("drop the cached pages");
  }

  private static long cached(Path file) throws Exception {
    String bytes =
        Command.of("fincore", "--bytes", "--noheadings", "--output", "RES", file)
            .runOrThrow("count cached pages")
            .stdout()
            .trim();
    return bytes.isEmpty() ? 0 : Long.parseLong(bytes);
  }
}
