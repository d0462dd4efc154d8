package io.podkit.core.lifecycle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * How a process ended, as pod-init wrote it.
 *
 * @param code exit status, 128+n for signal n
 */
public record ExitRecord(int code) {
  /** The exit status in {@code file}, or nothing if nobody witnessed an end. */
  static OptionalInt read(Path file, ObjectMapper json) throws PodkitException {
    try {
      return OptionalInt.of(json.readValue(Files.readAllBytes(file), ExitRecord.class).code());
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    } catch (IOException e) {
      throw PodkitException.io("cannot read how the pod ended", e);
    }
  }
}
