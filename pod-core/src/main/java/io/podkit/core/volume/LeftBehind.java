package io.podkit.core.volume;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Notes of content that pods left behind when they took a copy of it along: an operator's directory
 * is never removed, yet must not stand in the way of its own pod's return. Thread-safe.
 */
public final class LeftBehind {
  private static final int SCHEMA_VERSION = 1;

  private final Path directory;
  private final ObjectMapper json;

  /**
   * One note.
   *
   * @param schemaVersion version of this shape
   * @param place where the content lies, without links
   * @param podId the pod that it was of
   * @param pod its name
   * @param when it left
   * @param stamp what any change of the content moves
   */
  public record Note(
      int schemaVersion, Path place, String podId, PodName pod, Instant when, String stamp) {}

  /** The notes of one host. */
  public LeftBehind(VolumePlaces places, ObjectMapper json) {
    directory = places.left();
    this.json = json;
  }

  private Path file(Path place) {
    UUID name = UUID.nameUUIDFromBytes(place.toString().getBytes(StandardCharsets.UTF_8));
    return directory.resolve(name + ".json");
  }

  /** Makes a note, durably, in place of an older one about that place. */
  public void note(Path place, String podId, PodName pod, Instant when, String stamp)
      throws PodkitException {
    try {
      Note note = new Note(SCHEMA_VERSION, place, podId, pod, when, stamp);
      DurableFile.write(file(place), json.writeValueAsBytes(note));
    } catch (IOException e) {
      throw PodkitException.io("cannot note that " + pod + " left " + place + " behind", e);
    }
  }

  /** Gives a note another stamp: Podkit itself has moved it. */
  public void noteAgain(Path place, String stamp) throws PodkitException {
    Optional<Note> note = find(place);
    if (note.isPresent()) {
      note(place, note.get().podId(), note.get().pod(), note.get().when(), stamp);
    }
  }

  /** The note about exactly that place. */
  public Optional<Note> find(Path place) throws PodkitException {
    Path file = file(place);
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  private Note read(Path file) throws PodkitException {
    try {
      return json.readValue(Files.readAllBytes(file), Note.class);
    } catch (IOException e) {
      throw PodkitException.io("cannot read " + file, e);
    }
  }

  /** Forgets that place; no error if nothing is noted. */
  public void forget(Path place) throws PodkitException {
    try {
      DurableFile.delete(file(place));
    } catch (IOException e) {
      throw PodkitException.io("cannot forget " + place, e);
    }
  }

  /** All notes, by place. */
  public List<Note> list() throws PodkitException {
    List<Note> notes = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        notes.add(read(file));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw PodkitException.io("cannot list " + directory, e);
    }
    notes.sort(Comparator.comparing(Note::place));
    return notes;
  }
}
