package io.podkit.procfs;

import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reading files of /proc, and the errors when they are not what the manual says. */
final class ProcFile {

  private ProcFile() {}

  /** The whole file; a byte that is no UTF-8 becomes U+FFFD instead of an error. */
  static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  static List<String> lines(Path file) throws IOException {
    return read(file).lines().toList();
  }

  static Path of(Path proc, Pid pid, String name) {
    return proc.resolve(pid.toString()).resolve(name);
  }

  /** The file's text, or empty if the process is gone: before the open or in the middle (ESRCH). */
  static Optional<String> readIfAlive(Path proc, Pid pid, String name) throws IOException {
    try {
      return Optional.of(read(of(proc, pid, name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No such process")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Lines of the form {@code Name: value}; the first of a name wins. */
  static Map<String, String> fields(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String line : text.lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  /** The words of a line, split at blanks and tabs. */
  static List<String> words(String text) {
    return List.of(text.strip().split("\\s+", -1));
  }

  static IOException malformed(String file, String text) {
    return new IOException("unexpected content of " + file + ": " + text);
  }
}
