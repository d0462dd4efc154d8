package io.podkit.fs.wiring;

import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.linux.JnrSyscalls;
import java.nio.file.Path;
import java.time.Clock;

/** Puts the parts of this module together. */
public final class Wiring {

  private Wiring() {}

  /** The filesystem behind {@link PodFileSystem#open}. */
  public static PodFileSystem open(HostDirs dirs, Path podInit) {
    return new HostFileSystem(
        JnrSyscalls::load, dirs, podInit, Path.of("/proc"), Clock.systemUTC());
  }
}
