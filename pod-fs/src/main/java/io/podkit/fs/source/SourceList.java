package io.podkit.fs.source;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The directories that this host was told to look in: a JSON file below its root. */
final class SourceList {

  private static final int SCHEMA = 1;

  /** How it stands in the file. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Stored(int schemaVersion, @Nullable List<String> directories) {}

  private final Path file;
  private final ObjectMapper json = new ObjectMapper();

  SourceList(Path file) {
    this.file = file;
  }

  /** In the order in which they are searched. */
  List<Path> read() throws PodkitException {
    if (!Files.exists(file)) {
      return List.of(); // Jackson is slow to load, and most hosts have none
    }
    try {
      Stored stored = json.readValue(Files.readAllBytes(file), Stored.class);
      if (stored.schemaVersion() != SCHEMA) {
        throw PodkitException.internal(
            "cannot read " + file + ": schema version " + stored.schemaVersion(), null);
      }
      return Objects.requireNonNullElse(stored.directories(), List.<String>of()).stream()
          .map(Path::of)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | InvalidPathException e) {
      throw PodkitException.internal("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  void write(List<Path> directories) throws PodkitException {
    try {
      PrivateDirectory.create(Objects.requireNonNull(file.getParent(), "it lies below the root"));
      Stored stored = new Stored(SCHEMA, directories.stream().map(Path::toString).toList());
      DurableFile.write(file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(stored));
    } catch (IOException e) {
      throw PodkitException.io("cannot note the layer sources", e);
    }
  }
}
