package io.podkit.fs.wiring;

import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import java.nio.file.Path;

/** Puts the parts of this module together. */
public final class Wiring {

  private Wiring() {}

  /** The filesystem behind {@link PodFileSystem#open}. */
  @SuppressWarnings("DoNotCallSuggester") // the parts follow
  public static PodFileSystem open(HostDirs dirs, Path podInit) {
    throw new UnsupportedOperationException("not yet wired: " + dirs + podInit);
  }
}
