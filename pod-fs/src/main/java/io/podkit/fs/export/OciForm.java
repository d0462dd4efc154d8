package io.podkit.fs.export;

import io.podkit.fs.api.Image;
import io.podkit.fs.archive.DigestOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * An OCI image layout with one image.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">its
 *     format</a>
 */
final class OciForm implements ArchiveForm {
  private static final String TYPE = "application/vnd.oci.image.";

  private final Image image;

  OciForm(Image image) {
    this.image = image;
  }

  @Override
  public void begin(List<LayerFile> layers, TarWriter tar) throws IOException {
    byte[] config = ConfigDocument.of(image, layers);
    byte[] manifest =
        ConfigDocument.json(
            ConfigDocument.ordered(
                "schemaVersion",
                2,
                "mediaType",
                TYPE + "manifest.v1+json",
                "config",
                descriptor("config.v1+json", config),
                "layers",
                layers.stream()
                    .map(l -> descriptor("layer.v1.tar", l.diffId(), l.size()))
                    .toList()));
    Map<String, Object> named = descriptor("manifest.v1+json", manifest);
    named.put(
        "annotations",
        Map.of("org.opencontainers.image.ref.name", ConfigDocument.reference(image)));
    byte[] index =
        ConfigDocument.json(
            ConfigDocument.ordered("schemaVersion", 2, "manifests", List.of(named)));
    tar.file("oci-layout", ConfigDocument.json(Map.of("imageLayoutVersion", "1.0.0")));
    tar.file("index.json", index);
    tar.header(TarHeader.plainDirectory("blobs/"));
    tar.header(TarHeader.plainDirectory("blobs/sha256/"));
    tar.file(path(DigestOutput.of(config)), config);
    tar.file(path(DigestOutput.of(manifest)), manifest);
  }

  @Override
  public String path(LayerFile layer) {
    return path(layer.diffId());
  }

  private static String path(String digest) {
    return "blobs/" + digest.replace(':', '/');
  }

  private static Map<String, Object> descriptor(String type, byte[] content) {
    return descriptor(type, DigestOutput.of(content), content.length);
  }

  private static Map<String, Object> descriptor(String type, String digest, long size) {
    return ConfigDocument.ordered("mediaType", TYPE + type, "digest", digest, "size", size);
  }
}
