package io.podkit.fs.source;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.format.LayerFormat;
import io.podkit.fs.format.LayerHash;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Finds layers in the host's layer sources. Other hosts write there, and networks break: whatever
 * is not right counts as not there, and is said in the log and in {@link #why}. Thread-safe.
 */
public final class SourcedLayers {

  private static final String SUFFIX = ".sqfs";

  private final Supplier<? extends Syscalls> sys;
  private final HostDirs dirs;
  private final SourceList list;
  private final Map<LayerDigest, String> reasons = new ConcurrentHashMap<>();

  /**
   * The sources of one host.
   *
   * @param sys asked only when a layer is compared
   */
  public SourcedLayers(Supplier<? extends Syscalls> sys, HostDirs dirs) {
    this.sys = sys;
    this.dirs = dirs;
    this.list = new SourceList(dirs.layerSources());
  }

  /** The file that should be the layer, from how it begins and how long it is. */
  public Optional<Path> find(LayerDigest layer) throws PodkitException {
    reasons.remove(layer);
    for (Path directory : list.read()) {
      Path file = file(directory, layer);
      if (looksRight(layer, directory, file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /**
   * The file that is the layer. The first time, and whenever it looks different from then, all of
   * it is read, over whatever network it lies on.
   */
  public Optional<Path> findVerified(LayerDigest layer) throws PodkitException {
    reasons.remove(layer);
    for (Path directory : list.read()) {
      Path file = file(directory, layer);
      if (looksRight(layer, directory, file) && isVerified(layer, file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Why the layer was not found where it was looked for last; empty if there is nothing to say. */
  public String why(LayerDigest layer) {
    return reasons.getOrDefault(layer, "");
  }

  /** Where that layer lies in a directory, whether it is there or not. */
  static Path file(Path directory, LayerDigest layer) {
    return directory.resolve(layer.hex() + SUFFIX);
  }

  /** The layer that a file of that name is, if it is one. */
  static Optional<LayerDigest> layerIn(Path file) {
    String name = file.getFileName().toString();
    try {
      return name.endsWith(SUFFIX)
          ? Optional.of(new LayerDigest(name.substring(0, name.length() - SUFFIX.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean looksRight(LayerDigest layer, Path directory, Path file) {
    try {
      if (!Files.isDirectory(directory)) {
        because(layer, "the layer source " + directory + " cannot be reached");
        return false;
      }
      // A link could lead to whatever file of this host.
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      if (LayerFormat.of(file).isEmpty()) {
        because(layer, file + " is cut or no layer");
        return false;
      }
      return true;
    } catch (IOException e) {
      because(layer, file + " cannot be read: " + e.getMessage());
      return false;
    }
  }

  private boolean isVerified(LayerDigest layer, Path file) throws PodkitException {
    VerifiedNotes notes = notes();
    try {
      String look = notes.look(file);
      if (notes.has(layer, look)) {
        return true;
      }
      LayerDigest got = LayerHash.of(file);
      if (!got.equals(layer)) {
        notes.remove(layer);
        because(layer, file + " is damaged: its content is " + got);
        return false;
      }
      if (!notes.look(file).equals(look)) {
        because(layer, file + " changed while it was read");
        return false;
      }
      notes.add(layer, look);
      return true;
    } catch (IOException e) {
      because(layer, file + " cannot be read: " + e.getMessage());
      return false;
    }
  }

  private VerifiedNotes notes() {
    return new VerifiedNotes(sys.get(), dirs.root().resolve("layers").resolve("verified"));
  }

  private void because(LayerDigest layer, String reason) {
    // Not a constant: `pod ps` loads this class and has no use for a logging system.
    LoggerFactory.getLogger(SourcedLayers.class).info("layer {}: {}", layer.abbreviated(), reason);
    reasons.merge(layer, reason, (first, second) -> first + "; " + second);
  }
}
