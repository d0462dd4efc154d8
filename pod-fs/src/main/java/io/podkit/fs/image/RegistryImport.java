package io.podkit.fs.image;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.archive.ArchivedLayer;
import io.podkit.fs.registry.RemoteImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes layers of an image in a registry: several are fetched at once, while those that have come
 * are unpacked and packed in their order. What is known is not fetched. When this returns or
 * throws, nothing is fetched any more.
 */
final class RegistryImport {
  private static final int AT_ONCE = 3;

  private final RemoteImage image;
  private final LayerImport adding;
  private final Path scratch;
  private final ByteListener listener;
  private final AtomicBoolean wanted = new AtomicBoolean(true);
  private final AtomicLong come = new AtomicLong();

  RegistryImport(RemoteImage image, LayerImport adding, Path scratch, ByteListener listener) {
    this.image = image;
    this.adding = adding;
    this.scratch = scratch;
    this.listener = listener;
  }

  Found pack() throws PodkitException {
    List<ArchivedLayer> layers = image.archive().layers();
    Map<String, ArchivedLayer> missing = new LinkedHashMap<>();
    long total = 0;
    for (ArchivedLayer layer : layers) {
      if (adding.find(layer).isEmpty() && missing.putIfAbsent(layer.diffId(), layer) == null) {
        total += image.size(layer);
      }
    }
    ExecutorService fetching =
        Executors.newFixedThreadPool(AT_ONCE, task -> new Thread(task, "fetch-layer"));
    try {
      Map<String, Future<Path>> files = new LinkedHashMap<>();
      long all = total;
      missing.forEach(
          (diffId, layer) -> files.put(diffId, fetching.submit(() -> fetch(layer, all))));
      List<LayerDigest> packed = new ArrayList<>();
      for (ArchivedLayer layer : layers) {
        packed.add(add(layer, files.remove(layer.diffId())));
      }
      return new Found(packed, image.archive().config(), image.archive().history().of(packed));
    } catch (IOException e) {
      throw PodkitException.io("cannot store a layer", e);
    } finally {
      wanted.set(false);
      end(fetching);
    }
  }

  private LayerDigest add(ArchivedLayer layer, @Nullable Future<Path> coming)
      throws PodkitException, IOException {
    if (coming == null) { // known, or the same as one before it
      return adding.find(layer).orElseThrow(() -> gone(layer));
    }
    Path file = await(coming);
    LayerDigest packed = adding.add(layer, () -> Files.newInputStream(file), ByteListener.NONE);
    Files.delete(file);
    return packed;
  }

  private static PodkitException gone(ArchivedLayer layer) {
    return PodkitException.conflict(
        "layer " + layer.diffId() + " was removed while the image was pulled; pull it again");
  }

  private Path fetch(ArchivedLayer layer, long total) throws PodkitException {
    Path file = scratch.resolve("blob-" + layer.diffId().replace(':', '-'));
    image.fetch(layer, file, wanted::get, bytes -> listener.progress(come.addAndGet(bytes), total));
    return file;
  }

  private static Path await(Future<Path> coming) throws PodkitException {
    try {
      return coming.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while layers were fetched");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PodkitException failure) {
        throw failure;
      }
      throw PodkitException.internal("cannot fetch a layer", e.getCause());
    }
  }

  /** They end with their next byte, or when the connection's patience does. */
  private static void end(ExecutorService fetching) {
    fetching.shutdownNow();
    boolean interrupted = false;
    while (true) {
      try {
        if (fetching.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
