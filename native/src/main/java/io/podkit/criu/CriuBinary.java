package io.podkit.criu;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which CRIU to use: the program and the two libraries that go with it.
 *
 * <p>For each of the three: the environment ({@code PODKIT_CRIU}, {@code PODKIT_LIBCRIU}, {@code
 * PODKIT_LIBPROTOBUFC}), then the file that {@code dev setup} wrote ({@code /opt/podkit/criu.env}),
 * then the system's own.
 *
 * @param criu the program
 * @param libcriu libcriu.so.2
 * @param libprotobufc libprotobuf-c.so.1, which libcriu needs and might not find by itself
 */
public record CriuBinary(Path criu, Path libcriu, Path libprotobufc) {

  private static final Path ENV_FILE = Path.of("/opt/podkit/criu.env");

  private static final List<Path> LIBRARY_DIRECTORIES =
      Stream.of(
              "/usr/local/lib",
              "/usr/local/lib64",
              "/usr/lib/x86_64-linux-gnu",
              "/usr/lib/aarch64-linux-gnu",
              "/usr/lib64",
              "/usr/lib")
          .map(Path::of)
          .toList();

  /**
   * Finds it on this host.
   *
   * @throws PodkitException UNSUPPORTED if one of the three is nowhere or not where it is said to
   *     be
   */
  public static CriuBinary find() throws PodkitException {
    return find(System.getenv(), ENV_FILE, LIBRARY_DIRECTORIES);
  }

  static CriuBinary find(Map<String, String> environment, Path envFile, List<Path> libraries)
      throws PodkitException {
    Map<String, String> recorded = recorded(envFile);
    List<Path> programs =
        Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
            .filter(directory -> !directory.isEmpty())
            .map(Path::of)
            .toList();
    return new CriuBinary(
        resolve("CRIU", "criu", environment, recorded, envFile, programs),
        resolve("LIBCRIU", "libcriu.so.2", environment, recorded, envFile, libraries),
        resolve("LIBPROTOBUFC", "libprotobuf-c.so.1", environment, recorded, envFile, libraries));
  }

  private static Path resolve(
      String key,
      String fileName,
      Map<String, String> environment,
      Map<String, String> recorded,
      Path envFile,
      List<Path> directories)
      throws PodkitException {
    String named = environment.get("PODKIT_" + key);
    if (named != null) {
      return existing(named, "PODKIT_" + key);
    }
    String written = recorded.get(key);
    if (written != null) {
      return existing(written, envFile.toString());
    }
    return directories.stream()
        .map(directory -> directory.resolve(fileName))
        .filter(Files::isReadable)
        .findFirst()
        .orElseThrow(() -> PodkitException.unsupported(fileName + " not found", CriuHints.NO_CRIU));
  }

  private static Path existing(String path, String saidBy) throws PodkitException {
    Path file = Path.of(path);
    if (!file.isAbsolute() || !Files.isReadable(file)) {
      throw PodkitException.unsupported(
          saidBy + " names " + path + ", which is not there", CriuHints.NO_CRIU);
    }
    return file;
  }

  private static Map<String, String> recorded(Path envFile) throws PodkitException {
    Map<String, String> entries = new HashMap<>();
    for (String line : lines(envFile)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        entries.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return entries;
  }

  private static List<String> lines(Path envFile) throws PodkitException {
    if (!Files.exists(envFile)) {
      return List.of();
    }
    try {
      return Files.readAllLines(envFile);
    } catch (IOException e) {
      throw PodkitException.io("cannot read where CRIU is", e);
    }
  }
}
