package io.podkit.fs.export;

import io.podkit.fs.api.Image;
import io.podkit.fs.archive.DigestOutput;
import java.io.IOException;
import java.util.List;

/**
 * What {@code docker save} writes.
 *
 * @see <a href="https://github.com/moby/docker-image-spec/blob/main/v1.2.md">its format</a>
 */
final class DockerForm implements ArchiveForm {
  private final Image image;

  DockerForm(Image image) {
    this.image = image;
  }

  @Override
  public void begin(List<LayerFile> layers, TarWriter tar) throws IOException {
    byte[] config = ConfigDocument.of(image, layers);
    String name = hex(DigestOutput.of(config)) + ".json";
    tar.file(
        "manifest.json",
        ConfigDocument.json(
            List.of(
                ConfigDocument.ordered(
                    "Config", name,
                    "RepoTags", List.of(ConfigDocument.reference(image)),
                    "Layers", layers.stream().map(this::path).toList()))));
    tar.file(name, config);
  }

  @Override
  public String path(LayerFile layer) {
    return hex(layer.diffId()) + ".tar";
  }

  private static String hex(String digest) {
    return digest.substring(digest.indexOf(':') + 1);
  }
}
