package io.podkit.fs.image;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.FileOwners;
import io.podkit.fs.api.HistoryEntry;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.archive.ArchiveFiles;
import io.podkit.fs.archive.ArchivedLayer;
import io.podkit.fs.archive.ImageArchive;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.fs.rooted.KernelRootedFiles;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes layers of a directory or tar file.
 *
 * <p>A tar file is unpacked beneath a private directory and packed again: mksquashfs can read a tar
 * file itself, but as of 4.5.1 it then gives the root directory the time of day, takes the first of
 * two entries of a name instead of the last, and refuses sparse files; so a directory and a tar
 * file of it would differ, and even the same tar file from one minute to the next.
 */
final class SourceImport {
  private final Syscalls sys;
  private final FileLayerStore layers;
  private final DiffIds known;
  private final Clock clock;

  SourceImport(Syscalls sys, FileLayerStore layers, DiffIds known, Clock clock) {
    this.sys = sys;
    this.layers = layers;
    this.known = known;
    this.clock = clock;
  }

  Found pack(ImportRequest request, FileLayerStore.Scratch scratch, ByteListener listener)
      throws PodkitException {
    Path source = request.source();
    if (!Files.isDirectory(source) && !Files.isRegularFile(source)) {
      throw PodkitException.notFound("there is no directory or tar file " + source);
    }
    try {
      boolean own = !Files.isDirectory(source);
      Path tree = own ? scratch.directory().resolve("tree") : source;
      if (own) {
        Files.createDirectory(tree);
        new TarUnpacker(sys, new UnpackBudget(request.limits())).unpack(source, tree, listener);
      }
      try (RootedFiles rooted = KernelRootedFiles.open(sys, tree, FileOwners.SAME)) {
        ArchiveFiles archived = new ArchiveFiles(rooted);
        Optional<ImageArchive> archive = ImageArchive.in(archived, request.reference());
        if (archive.isPresent()) {
          LayerImport adding =
              new LayerImport(sys, layers, known, request.limits(), scratch.directory());
          return pack(archive.get(), archived, adding, own, listener);
        }
      }
      if (request.reference() != null) {
        throw PodkitException.refused(
            source + " is no image archive, so --reference names nothing");
      }
      LayerDigest layer = layers.packDirectory(tree, listener);
      if (own) {
        new TreeRemover(sys).remove(tree);
      }
      HistoryEntry step =
          new HistoryEntry(clock.instant(), "pod image import " + source, "", "", layer);
      return new Found(List.of(layer), ImageConfig.EMPTY, List.of(step));
    } catch (IOException e) {
      throw PodkitException.io("cannot unpack " + source, e);
    }
  }

  /**
   * Packs the layers of an archive.
   *
   * @param own whether the archive's files are ours, and a layer's can go once it is packed
   */
  private static Found pack(
      ImageArchive archive,
      ArchiveFiles archived,
      LayerImport adding,
      boolean own,
      ByteListener listener)
      throws PodkitException, IOException {
    List<LayerDigest> packed = new ArrayList<>();
    for (ArchivedLayer layer : archive.layers()) {
      packed.add(adding.add(layer, () -> archived.open(layer), listener));
      if (own) {
        archived.delete(layer);
      }
    }
    return new Found(packed, archive.config(), archive.history().of(packed));
  }
}
