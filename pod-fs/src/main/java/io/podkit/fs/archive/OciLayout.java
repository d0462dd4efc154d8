package io.podkit.fs.archive;

import io.podkit.error.PodkitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An OCI image layout: blobs by digest, and an index of manifests.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">its
 *     format</a>
 */
final class OciLayout {
  private static final String REFERENCE = "org.opencontainers.image.ref.name";
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /** An index may name an index: for several processors, and no deeper in practice. */
  private static final int DEPTH = 4;

  private OciLayout() {}

  /** A blob, and what is known of it. */
  record Descriptor(
      @Nullable String mediaType,
      @Nullable String digest,
      @Nullable Map<String, String> annotations,
      @Nullable Platform platform) {

    String path() throws PodkitException {
      return "blobs/sha256/" + requireDigest().substring("sha256:".length());
    }

    String requireDigest() throws PodkitException {
      if (digest == null || !DIGEST.matcher(digest).matches()) {
        throw ArchiveFiles.refused("'" + digest + "' is no digest of SHA-256");
      }
      return digest;
    }

    boolean isIndex() {
      return mediaType != null
          && (mediaType.endsWith("index.v1+json") || mediaType.endsWith("list.v2+json"));
    }

    String reference() {
      return annotations == null ? "" : annotations.getOrDefault(REFERENCE, "");
    }
  }

  record Platform(@Nullable String architecture, @Nullable String os) {}

  record Index(@Nullable List<Descriptor> manifests) {}

  record Manifest(@Nullable Descriptor config, @Nullable List<Descriptor> layers) {}

  static boolean isOne(ArchiveFiles files) throws PodkitException {
    return files.find("oci-layout").isPresent() && files.find("index.json").isPresent();
  }

  static ImageArchive image(ArchiveFiles files, @Nullable String reference) throws PodkitException {
    Index index = files.json("index.json", null, Index.class);
    List<Descriptor> all = Objects.requireNonNullElse(index.manifests, List.of());
    Descriptor chosen = Chosen.of(all, descriptor -> List.of(descriptor.reference()), reference);
    for (int depth = 0; chosen.isIndex(); depth++) {
      if (depth == DEPTH) {
        throw ArchiveFiles.refused("its indexes name one another");
      }
      chosen = ofThisPlatform(files.json(chosen.path(), chosen.requireDigest(), Index.class));
    }
    Manifest manifest = files.json(chosen.path(), chosen.requireDigest(), Manifest.class);
    if (manifest.config == null) {
      throw ArchiveFiles.refused("its manifest names no configuration");
    }
    ImageDocument document =
        files.json(manifest.config.path(), manifest.config.requireDigest(), ImageDocument.class);
    document.requireOwnPlatform();
    List<ImageArchive.Blob> blobs = new ArrayList<>();
    for (Descriptor layer : Objects.requireNonNullElse(manifest.layers, List.<Descriptor>of())) {
      blobs.add(new ImageArchive.Blob(layer.path(), layer.requireDigest()));
    }
    return ImageArchive.of(blobs, document);
  }

  private static Descriptor ofThisPlatform(Index index) throws PodkitException {
    String own = ImagePlatform.architecture();
    for (Descriptor each : Objects.requireNonNullElse(index.manifests, List.<Descriptor>of())) {
      Platform platform = each.platform;
      if (platform != null && "linux".equals(platform.os) && own.equals(platform.architecture)) {
        return each;
      }
    }
    throw ArchiveFiles.refused("it has no image for linux/" + own);
  }
}
