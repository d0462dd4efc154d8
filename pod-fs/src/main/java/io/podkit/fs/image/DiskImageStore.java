package io.podkit.fs.image;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.layer.DiskLayerStore;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Images as one JSON file each. */
public final class DiskImageStore implements ImageStore {

  private final Path directory;
  private final DiskLayerStore layers;
  private final Clock clock;
  private final ObjectMapper json =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** The images in {@code directory}, whose layers are in {@code layers}. */
  public DiskImageStore(Path directory, DiskLayerStore layers, Clock clock) {
    this.directory = directory;
    this.layers = layers;
    this.clock = clock;
  }

  /** Names have slashes and colons, file names better not. */
  private Path file(ImageName name) {
    return directory.resolve(URLEncoder.encode(name.value(), StandardCharsets.UTF_8) + ".json");
  }

  @Override
  public Image importImage(ImportRequest request, ByteListener listener) throws PodkitException {
    Path source = request.source();
    if (!Files.exists(source)) {
      throw PodkitException.notFound("there is no " + source);
    }
    List<LayerDigest> stack = new ArrayList<>();
    ImageConfig config = request.config();
    if (request.base() != null) {
      Image base = get(request.base());
      stack.addAll(base.layers());
      config = config.over(base.config());
    }
    LayerDigest top =
        Files.isDirectory(source)
            ? layers.packDirectory(source, listener)
            : layers.packTar(source, listener);
    stack.add(top);
    long size = 0;
    for (LayerDigest layer : stack) {
      size += layers.size(layer);
    }
    Image image = new Image(request.name(), stack, clock.instant(), size, config);
    try {
      DurableFile.write(file(image.name()), json.writeValueAsBytes(ImageFile.of(image)));
    } catch (IOException e) {
      throw PodkitException.io("cannot write image " + image.name(), e);
    }
    return image;
  }

  @Override
  public List<Image> list() throws PodkitException {
    List<Image> images = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        images.add(read(file));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw PodkitException.io("cannot list the images of this host", e);
    }
    images.sort(Comparator.comparing(Image::name));
    return images;
  }

  private Image read(Path file) throws IOException {
    return json.readValue(Files.readAllBytes(file), ImageFile.class).toImage();
  }

  @Override
  public Optional<Image> find(ImageName name) throws PodkitException {
    try {
      return Optional.of(read(file(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw PodkitException.io("cannot read image " + name, e);
    }
  }

  @Override
  public Image get(ImageName name) throws PodkitException {
    Optional<Image> image = find(name);
    if (image.isEmpty()) {
      throw PodkitException.of(
          ErrorKind.NOT_FOUND,
          "no image named " + name,
          new Hint(
              "pod image ls lists the images here; pod image import " + name + " PATH adds it"));
    }
    return image.get();
  }

  @Override
  public void remove(ImageName name, Collection<StagingName> users) throws PodkitException {
    get(name);
    if (!users.isEmpty()) {
      String pods = users.stream().map(StagingName::value).collect(Collectors.joining(", "));
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "image " + name + " is used by " + pods,
          new Hint("remove these pods first"));
    }
    try {
      DurableFile.delete(file(name));
    } catch (IOException e) {
      throw PodkitException.io("cannot remove image " + name, e);
    }
  }

  @Override
  public List<LayerDigest> prune(Set<LayerDigest> neededByPods) throws PodkitException {
    Set<LayerDigest> needed = new HashSet<>(neededByPods);
    list().forEach(image -> needed.addAll(image.layers()));
    return layers.gc(needed);
  }
}
