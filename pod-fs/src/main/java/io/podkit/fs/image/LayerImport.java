package io.podkit.fs.image;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.ImageLimits;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.archive.ArchivedLayer;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes layers of the tar files of one image, each in turn: unpacked, packed, and the unpacked tree
 * removed before the next. Not thread-safe.
 */
final class LayerImport {
  private final Syscalls sys;
  private final FileLayerStore layers;
  private final DiffIds known;
  private final UnpackBudget budget;
  private final Path scratch;
  private int count;

  /**
   * @param scratch a directory of our own, on the filesystem of the store
   */
  LayerImport(
      Syscalls sys, FileLayerStore layers, DiffIds known, ImageLimits limits, Path scratch) {
    this.sys = sys;
    this.layers = layers;
    this.known = known;
    this.budget = new UnpackBudget(limits);
    this.scratch = scratch;
  }

  /** Opens a layer's tar file, packed or not. */
  @FunctionalInterface
  interface Source {
    InputStream open() throws PodkitException, IOException;
  }

  /** The layer if it is known, without a look at its tar file. */
  Optional<LayerDigest> find(ArchivedLayer layer) throws PodkitException {
    return known.find(layer.diffId());
  }

  /** The layer, made of its tar file unless it is known. */
  LayerDigest add(ArchivedLayer layer, Source source, ByteListener listener)
      throws PodkitException, IOException {
    Optional<LayerDigest> there = find(layer);
    if (there.isPresent()) {
      return there.get();
    }
    Path tree = Files.createDirectory(scratch.resolve("layer-" + count++));
    new TarUnpacker(sys, budget).unpackLayer(layer, source.open(), tree);
    LayerDigest packed = layers.packDirectory(tree, listener);
    new TreeRemover(sys).remove(tree);
    known.remember(layer.diffId(), packed);
    return packed;
  }
}
