package io.podkit.fs.image;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which layer of this host was made of which tar file: a file for each, named by the tar file's
 * digest ({@code diff_id}). What is known need not be fetched, unpacked and packed again. It is
 * only a memory: one that is lost, or whose layer has gone, costs time and nothing else.
 * Thread-safe, also against other processes.
 */
final class DiffIds {
  private static final Pattern LEGAL = Pattern.compile("sha256:[0-9a-f]{64}");

  private final Path directory;
  private final LayerStore layers;

  DiffIds(HostDirs dirs, LayerStore layers) {
    this.directory = dirs.root().resolve("layers").resolve("diff-ids");
    this.layers = layers;
  }

  /** The layer that was made of that tar file, if it is here. */
  Optional<LayerDigest> find(String diffId) throws PodkitException {
    if (!LEGAL.matcher(diffId).matches()) {
      return Optional.empty();
    }
    try {
      LayerDigest layer = LayerDigest.parse(Files.readString(file(diffId)).strip());
      return layers.has(layer) ? Optional.of(layer) : Optional.empty();
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw PodkitException.io("cannot look for a layer of " + diffId, e);
    }
  }

  /** Remembers; the caller has seen that the tar file has that digest. */
  void remember(String diffId, LayerDigest layer) throws PodkitException {
    try {
      PrivateDirectory.create(directory);
      DurableFile.write(file(diffId), (layer + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw PodkitException.io("cannot remember layer " + layer.abbreviated(), e);
    }
  }

  /** Forgets what was said of layers that are gone. */
  void forget(List<LayerDigest> gone) throws PodkitException {
    if (gone.isEmpty() || !Files.isDirectory(directory)) {
      return;
    }
    Set<LayerDigest> all = Set.copyOf(gone);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (names(file, all)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot forget layers", e);
    }
  }

  private static boolean names(Path file, Set<LayerDigest> layers) throws IOException {
    try {
      return layers.contains(LayerDigest.parse(Files.readString(file).strip()));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IllegalArgumentException e) {
      return true; // no memory of anything
    }
  }

  private Path file(String diffId) {
    return directory.resolve(diffId.substring(diffId.indexOf(':') + 1));
  }
}
