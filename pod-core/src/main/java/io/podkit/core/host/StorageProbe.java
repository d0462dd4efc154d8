package io.podkit.core.host;

import static io.podkit.core.host.Findings.blocks;
import static io.podkit.core.host.Findings.ok;

import io.podkit.core.api.HostCheck;
import io.podkit.fs.api.HostDirs;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where pods' files lie. */
final class StorageProbe implements Probe {
  private final HostDirs dirs;

  StorageProbe(HostDirs dirs) {
    this.dirs = dirs;
  }

  @Override
  public List<HostCheck> look() {
    Path root = dirs.root();
    try {
      FileStore store = Files.getFileStore(nearestExisting(root));
      if (store.type().equals("overlay")) {
        return List.of(
            blocks(
                root.toString(),
                "lies on an overlay, and an overlay cannot be stacked on another's upper directory",
                "put --root on a volume, a disk or a tmpfs"));
      }
      return List.of(
          ok(root.toString(), store.type() + ", " + (store.getUsableSpace() >> 20) + " MiB free"));
    } catch (IOException e) {
      return List.of(
          blocks(
              root.toString(), "cannot be examined: " + e.getMessage(), "choose another --root"));
    }
  }

  static Path nearestExisting(Path path) {
    Path existing = path;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return existing;
  }
}
