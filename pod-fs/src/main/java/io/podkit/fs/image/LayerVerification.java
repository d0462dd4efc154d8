package io.podkit.fs.image;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.LayerCheck;
import io.podkit.fs.api.LayerCheck.Verdict;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.archive.DigestOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads layers' files again. */
final class LayerVerification {
  private static final int CHUNK = 1 << 20;

  private final LayerStore layers;

  LayerVerification(LayerStore layers) {
    this.layers = layers;
  }

  /**
   * A verdict for each layer.
   *
   * @param images all there are
   * @param names whose layers; every layer if it is empty
   */
  List<LayerCheck> verify(List<Image> images, Collection<ImageName> names, ByteListener listener)
      throws PodkitException {
    SortedMap<LayerDigest, List<ImageName>> users = new TreeMap<>();
    if (names.isEmpty()) {
      layers.list().forEach(layer -> users.put(layer, new ArrayList<>()));
    }
    for (Image image : images) {
      for (LayerDigest layer : image.layers()) {
        if (names.isEmpty() || names.contains(image.name())) {
          users.computeIfAbsent(layer, key -> new ArrayList<>());
        }
      }
    }
    long total = 0;
    for (LayerDigest layer : users.keySet()) {
      total += layers.has(layer) ? layers.size(layer) : 0;
    }
    List<LayerCheck> checks = new ArrayList<>();
    long done = 0;
    for (LayerDigest layer : users.keySet()) {
      List<ImageName> needing =
          images.stream().filter(i -> i.layers().contains(layer)).map(Image::name).toList();
      LayerCheck check = check(layer, needing, done, total, listener);
      done += check.size();
      checks.add(check);
    }
    return checks;
  }

  private LayerCheck check(
      LayerDigest layer, List<ImageName> images, long done, long total, ByteListener listener)
      throws PodkitException {
    if (!layers.has(layer)) {
      return new LayerCheck(layer, Verdict.MISSING, 0, images);
    }
    try (InputStream in = layers.open(layer);
        DigestOutput read = new DigestOutput(OutputStream.nullOutputStream())) {
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        read.write(chunk, 0, n);
        listener.progress(done + read.size(), total);
      }
      boolean good = read.digest().equals(layer.toString());
      return new LayerCheck(layer, good ? Verdict.GOOD : Verdict.DAMAGED, read.size(), images);
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) { // removed in this moment
        return new LayerCheck(layer, Verdict.MISSING, 0, images);
      }
      throw e;
    } catch (IOException e) {
      throw PodkitException.io("cannot read layer " + layer.abbreviated(), e);
    }
  }
}
