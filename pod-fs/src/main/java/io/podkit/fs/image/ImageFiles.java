package io.podkit.fs.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The images' files: one JSON object each, named after the image. */
final class ImageFiles {

  private static final String SUFFIX = ".json";

  private final Path directory;
  private final ObjectMapper json = new ObjectMapper();
  private final ObjectWriter writer = json.writerWithDefaultPrettyPrinter();

  ImageFiles(Path directory) {
    this.directory = directory;
  }

  List<Image> list() throws PodkitException {
    List<Image> images = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return images;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
        read(file).ifPresent(images::add);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot list the images", e);
    }
    images.sort(Comparator.comparing(Image::name));
    return images;
  }

  Optional<Image> find(ImageName name) throws PodkitException {
    return read(file(name));
  }

  void save(Image image) throws PodkitException {
    try {
      PrivateDirectory.create(directory);
      DurableFile.write(file(image.name()), writer.writeValueAsBytes(ImageJson.of(image)));
    } catch (IOException e) {
      throw PodkitException.io("cannot save image " + image.name(), e);
    }
  }

  /** Says whether there was one. */
  boolean delete(ImageName name) throws PodkitException {
    try {
      boolean existed = Files.exists(file(name));
      DurableFile.delete(file(name));
      return existed;
    } catch (IOException e) {
      throw PodkitException.io("cannot remove image " + name, e);
    }
  }

  /** A slash cannot be in a file name, a per cent sign in no image name. */
  private Path file(ImageName name) {
    return directory.resolve(name.value().replace("/", "%2F") + SUFFIX);
  }

  private Optional<Image> read(Path file) throws PodkitException {
    try {
      return Optional.of(json.readValue(Files.readAllBytes(file), ImageJson.class).toImage());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw PodkitException.internal("cannot read image file " + file + ": " + e.getMessage(), e);
    }
  }
}
