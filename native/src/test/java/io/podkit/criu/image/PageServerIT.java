package io.podkit.criu.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.CriuBinary;
import io.podkit.criu.CriuException;
import io.podkit.criu.CriuNotify;
import io.podkit.criu.CriuOptions;
import io.podkit.criu.CriuOptions.Switch;
import io.podkit.criu.HostCriu;
import io.podkit.criu.RestoreResult;
import io.podkit.criu.Ticker;
import io.podkit.linux.FdChannel;
import io.podkit.linux.FdPair;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PosixSpawner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dump whose memory goes through an inherited socket to our page server. Needs root and CRIU. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PageServerIT {
  private static final int MEBIBYTES = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final JnrSyscalls sys = JnrSyscalls.load();

  @TempDir Path directory;

  @Test
  void memory_comesThroughTheSocketAndIsRestored() throws Exception {
    HostCriu criu = new HostCriu(CriuBinary.find(), sys, new PosixSpawner(sys));
    Path images = Files.createDirectory(directory.resolve("images"));
    try (Ticker ticker = Ticker.start(directory, MEBIBYTES)) {
      ticker.awaitTick();
      ImageFilesHandler files = new ImageFilesHandler(images);
      long received = dump(criu, ticker, images, files);

      assertThat(files.finished()).isTrue();
      PagemapImage pagemap = pagemap(images);
      assertThat(pagemap.pagesId()).isEqualTo(PagemapWriter.FIRST_PAGES_ID);
      assertThat(pagemap.presentPages()).isEqualTo(received).isGreaterThan(MEBIBYTES * 256);
      assertThat(Files.size(images.resolve(pagemap.pagesName())))
          .isEqualTo(received * PageRun.PAGE_SIZE);
      assertThat(images.resolve("pages-1.img")).doesNotExist();

      RestoreResult restored =
          criu.restore(options(images).root(ticker.root()).build(), CriuNotify.NONE);
      ticker.isNow(restored.root());
      restored.worker().detach();
      // A whole round over its memory: each tick checks 64 pages.
      for (int i = 0; i < MEBIBYTES * 256 / 64 / 10; i++) {
        ticker.awaitTick();
      }
    }
  }

  @Test
  void receiverThatFails_failsTheDumpAndTheTaskRunsOn() throws Exception {
    HostCriu criu = new HostCriu(CriuBinary.find(), sys, new PosixSpawner(sys));
    Path images = Files.createDirectory(directory.resolve("images"));
    try (Ticker ticker = Ticker.start(directory, 8)) {
      ticker.awaitTick();
      PageHandler full =
          new PageHandler() {
            @Override
            public boolean open(MemoryImage image) {
              return false;
            }

            @Override
            public void pages(
                MemoryImage image, PageRun run, Set<PageFlag> flags, ReadableByteChannel contents)
                throws IOException {
              throw new IOException("no space left");
            }

            @Override
            public void absent(MemoryImage image, PageRun run, Set<PageFlag> flags) {}

            @Override
            public void finish() {}
          };
      assertThatThrownBy(() -> dump(criu, ticker, images, full)).isInstanceOf(CriuException.class);
      ticker.awaitTick();
    }
  }

  private long dump(HostCriu criu, Ticker ticker, Path images, PageHandler handler)
      throws Exception {
    try (FdPair pair = sys.socketpairStream()) {
      CompletableFuture<Long> server =
          CompletableFuture.supplyAsync(
              () -> {
                // Closed on every way out: CRIU must not wait for a receiver that has failed.
                try (FdChannel channel = new FdChannel(sys, pair.first(), PATIENCE)) {
                  return new PageServerStream(channel, handler).serve();
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              });
      criu.dump(
          options(images).pid(ticker.pid()).pageServer(pair.second()).build(), CriuNotify.NONE);
      assertThat(pair.second().isOpen()).isFalse();
      ticker.awaitGone();
      return server.get();
    }
  }

  private static PagemapImage pagemap(Path images) throws IOException {
    try (InputStream in = Files.newInputStream(images.resolve("pagemap-1.img"))) {
      return PagemapImage.read(in);
    }
  }

  private static CriuOptions.Builder options(Path images) {
    return CriuOptions.in(images)
        .log("criu.log", 4)
        .on(Switch.NO_NETWORK_LOCK, Switch.EMPTY_NETWORK_NAMESPACE, Switch.IGNORE_CGROUPS);
  }
}
