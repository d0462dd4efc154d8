package io.podkit.fs.archive;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HistoryEntry;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.LayerDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One image of an archive. Everything in it is somebody's claim: digests are compared by whoever
 * reads the layers.
 *
 * @param layers the lowest first
 * @param config what it says about running it
 * @param history how it was made, once its layers have names here
 */
public record ImageArchive(List<ArchivedLayer> layers, ImageConfig config, History history) {
  /** Docker's own limit; an overlay takes more. */
  private static final int MOST_LAYERS = 127;

  /** How an image was made. */
  @FunctionalInterface
  public interface History {
    /**
     * Its steps, the oldest first; empty if what the archive says cannot be true.
     *
     * @param layers what its layers are called on this host, the lowest first
     */
    List<HistoryEntry> of(List<LayerDigest> layers);
  }

  /** Copies the list. */
  public ImageArchive {
    layers = List.copyOf(layers);
  }

  /**
   * The image that lies there.
   *
   * @param reference which one, if there are several: its tag, or its name as the archive has it
   * @return empty if this is no image archive, but a directory like any other
   * @throws PodkitException REFUSED if it is one that cannot be used: broken, for another
   *     processor, or with several images of which none was named
   */
  public static Optional<ImageArchive> in(ArchiveFiles files, @Nullable String reference)
      throws PodkitException {
    if (OciLayout.isOne(files)) {
      return Optional.of(OciLayout.image(files, reference));
    }
    return DockerArchive.image(files, reference);
  }

  /**
   * The image of those blobs and that configuration, which must agree.
   *
   * @param config its content
   * @throws PodkitException REFUSED as {@link #in}
   */
  public static ImageArchive of(List<Blob> blobs, byte[] config) throws PodkitException {
    ImageDocument document =
        ArchiveFiles.parse(config, ImageDocument.class)
            .orElseThrow(() -> ArchiveFiles.refused("its configuration is not what it should be"));
    document.requireOwnPlatform();
    return of(blobs, document);
  }

  /** The image of those blobs and that document, which must agree. */
  static ImageArchive of(List<Blob> blobs, ImageDocument document) throws PodkitException {
    List<String> diffIds = document.diffIds();
    if (blobs.isEmpty() || blobs.size() > MOST_LAYERS) {
      throw ArchiveFiles.refused(
          "it has " + blobs.size() + " layers, 1 to " + MOST_LAYERS + " are possible");
    }
    if (diffIds.size() != blobs.size()) {
      throw ArchiveFiles.refused(
          "it has " + blobs.size() + " layers, its configuration names " + diffIds.size());
    }
    List<ArchivedLayer> layers = new ArrayList<>();
    for (int i = 0; i < blobs.size(); i++) {
      layers.add(new ArchivedLayer(blobs.get(i).path(), blobs.get(i).digest(), diffIds.get(i)));
    }
    return new ImageArchive(layers, document.imageConfig(), document::history);
  }

  /**
   * A file of the archive.
   *
   * @param digest null if the archive names none
   */
  public record Blob(String path, @Nullable String digest) {}
}
