package io.podkit.core.volume;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.VolumeName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.VolumeFiles;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The named volumes on disk: {@code volumes/NAME} with {@code volume.json}, written last, and the
 * content in {@code data}. Thread-safe.
 */
public final class VolumeShelf {
  private static final int SCHEMA_VERSION = 1;
  private static final String DESCRIPTION = "volume.json";
  private static final String CLOSED = "rwx------";
  private static final String OPEN = "rwxr-xr-x";

  private final VolumePlaces places;
  private final VolumeFiles files;
  private final ObjectMapper json;
  private final Clock clock;

  /**
   * What is written of one.
   *
   * @param schemaVersion version of this shape
   * @param name its name
   * @param created when, on this host
   * @param labels the user's notes
   */
  public record Description(
      int schemaVersion, VolumeName name, Instant created, Map<String, String> labels) {
    /** Copies the labels. */
    public Description {
      labels = Map.copyOf(labels);
    }
  }

  /** Those of one host. */
  public VolumeShelf(VolumePlaces places, VolumeFiles files, ObjectMapper json, Clock clock) {
    this.places = places;
    this.files = files;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Makes an empty one.
   *
   * @throws PodkitException of kind CONFLICT if there is one of that name
   */
  public void create(VolumeName name, Map<String, String> labels) throws PodkitException {
    if (find(name).isPresent()) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "a volume named " + name + " exists already",
          new Hint("choose another name, or remove it: pod volume rm " + name));
    }
    try {
      directory(places.directory(name), CLOSED);
      directory(places.content(name), OPEN);
    } catch (IOException e) {
      throw PodkitException.io("cannot make volume " + name, e);
    }
    describe(name, labels);
  }

  private static void directory(Path path, String permissions) throws IOException {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(CLOSED)));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  /** Makes that content, which is here, a volume; does nothing if it is one. */
  void describe(VolumeName name, Map<String, String> labels) throws PodkitException {
    if (find(name).isPresent()) {
      return;
    }
    try {
      Description description = new Description(SCHEMA_VERSION, name, clock.instant(), labels);
      DurableFile.write(description(name), json.writeValueAsBytes(description));
    } catch (IOException e) {
      throw PodkitException.io("cannot describe volume " + name, e);
    }
  }

  /** Undoes {@link #describe}; the content stays. */
  void undescribe(VolumeName name) throws PodkitException {
    try {
      Files.deleteIfExists(description(name));
    } catch (IOException e) {
      throw PodkitException.io("cannot forget volume " + name, e);
    }
  }

  private Path description(VolumeName name) {
    return places.directory(name).resolve(DESCRIPTION);
  }

  /** One of them. */
  public Optional<Description> find(VolumeName name) throws PodkitException {
    try {
      byte[] bytes = Files.readAllBytes(description(name));
      return Optional.of(json.readValue(bytes, Description.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw PodkitException.io("cannot read the description of volume " + name, e);
    }
  }

  /** All of them, by name. */
  List<Description> list() throws PodkitException {
    List<Description> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(places.all())) {
      for (Path entry : entries) {
        find(new VolumeName(entry.getFileName().toString())).ifPresent(found::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw PodkitException.io("cannot list the volumes", e);
    }
    found.sort((one, other) -> one.name().value().compareTo(other.name().value()));
    return found;
  }

  /** Removes it with its content; a crash in between leaves what can be removed again. */
  void remove(VolumeName name) throws PodkitException {
    files.remove(places.content(name));
    files.remove(places.directory(name));
  }
}
