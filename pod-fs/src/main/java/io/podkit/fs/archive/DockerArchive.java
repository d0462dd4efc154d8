package io.podkit.fs.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.podkit.error.PodkitException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker save} and {@code podman save} write: {@code manifest.json} names a
 * configuration and tar files.
 *
 * @see <a href="https://github.com/moby/docker-image-spec/blob/main/v1.2.md">its format</a>
 */
final class DockerArchive {
  private DockerArchive() {}

  /** One image of the archive. */
  record Entry(
      @JsonProperty("Config") @Nullable String config,
      @JsonProperty("RepoTags") @Nullable List<String> tags,
      @JsonProperty("Layers") @Nullable List<String> layers) {}

  /** A root directory may have a file of that name: it is no archive unless it says so. */
  static Optional<ImageArchive> image(ArchiveFiles files, @Nullable String reference)
      throws PodkitException {
    Optional<byte[]> manifest = files.find("manifest.json");
    Optional<Entry[]> entries =
        manifest.isEmpty() ? Optional.empty() : ArchiveFiles.parse(manifest.get(), Entry[].class);
    if (entries.isEmpty()
        || entries.get().length == 0
        || !Arrays.stream(entries.get()).allMatch(DockerArchive::isImage)) {
      return Optional.empty();
    }
    Entry chosen =
        Chosen.of(
            List.of(entries.get()),
            entry -> Objects.requireNonNullElse(entry.tags, List.of()),
            reference);
    return Optional.of(read(files, chosen));
  }

  private static boolean isImage(@Nullable Entry entry) {
    return entry != null && entry.config != null && entry.layers != null;
  }

  private static ImageArchive read(ArchiveFiles files, Entry entry) throws PodkitException {
    String config = Objects.requireNonNull(entry.config);
    ImageDocument document = files.json(config, null, ImageDocument.class);
    document.requireOwnPlatform();
    List<ImageArchive.Blob> blobs =
        Objects.requireNonNull(entry.layers).stream()
            .map(path -> new ImageArchive.Blob(path, null))
            .toList();
    return ImageArchive.of(blobs, document);
  }
}
