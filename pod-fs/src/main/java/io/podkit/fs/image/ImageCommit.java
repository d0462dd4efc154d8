package io.podkit.fs.image;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.CommitRequest;
import io.podkit.fs.api.ImageLimits;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.archive.ArchivedLayer;
import io.podkit.fs.archive.DigestOutput;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.export.LayerTar;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.linux.Syscalls;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a layer of a pod's upper directory. It goes through a tar file, as if it came from
 * elsewhere: so a layer that was committed, exported and imported again is the same one, and what
 * cannot be told in a layer is found. Not thread-safe.
 */
final class ImageCommit {
  private static final int BUFFER = 1 << 20;

  private final Syscalls sys;
  private final FileLayerStore layers;
  private final DiffIds known;

  ImageCommit(Syscalls sys, FileLayerStore layers, DiffIds known) {
    this.sys = sys;
    this.layers = layers;
    this.known = known;
  }

  /**
   * The layer.
   *
   * @param scratch a directory of our own, on the filesystem of the store
   */
  LayerDigest layer(
      CommitRequest request, CommitRequest.Stillness stillness, Path scratch, ByteListener listener)
      throws PodkitException {
    Path tar = scratch.resolve("upper.tar");
    String[] diffId = new String[1];
    // Only this while the pod stands still; unpacking and packing take longer.
    stillness.during(() -> diffId[0] = write(request, tar));
    ArchivedLayer layer = new ArchivedLayer("the pod's files", null, diffId[0]);
    try {
      return new LayerImport(sys, layers, known, ImageLimits.UNLIMITED, scratch)
          .add(layer, () -> Files.newInputStream(tar), listener);
    } catch (IOException e) {
      throw PodkitException.io("cannot pack the pod's files", e);
    }
  }

  private String write(CommitRequest request, Path tar) throws PodkitException {
    Set<String> left =
        request.left().stream()
            .map(path -> RawPath.ofText(path.substring(1)))
            .collect(Collectors.toUnmodifiableSet());
    try (DigestOutput out =
        new DigestOutput(new BufferedOutputStream(Files.newOutputStream(tar), BUFFER))) {
      new LayerTar(sys, left, out).write(request.upper());
      return out.digest();
    } catch (IOException e) {
      throw PodkitException.io("cannot copy the pod's files", e);
    }
  }
}
