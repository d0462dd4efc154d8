package io.podkit.core.api;

import io.podkit.core.wiring.Preload;
import io.podkit.core.wiring.Wiring;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import java.nio.file.Path;
import java.util.List;

/**
 * The pods of one host: the way in to this module. Thread-safe; cheap to open, what is expensive is
 * loaded when first used.
 */
public interface PodRuntime {
  /**
   * The host whose state lies in {@code dirs}. Two such directories on one machine are two hosts.
   */
  static PodRuntime open(HostDirs dirs) throws PodkitException {
    return Wiring.runtime(dirs);
  }

  /**
   * Begins to load what any change of a pod will need, on a thread of its own: worth it for a
   * process that has something else to do before.
   */
  static void preload() {
    Preload.start();
  }

  HostDirs dirs();

  /** The static helper that does what a JVM cannot. */
  Path podInit();

  /**
   * How the {@code pod} command is called for this host, to be completed by a verb; empty if this
   * program was not started by it.
   */
  List<String> podCommand();

  /**
   * A directory in memory, apart from all others.
   *
   * @param name a plain name; what a crash left under it is removed first
   */
  MemoryDirectory memory(String name) throws PodkitException;

  /** Gives back what a crash left under that name; does nothing if there is nothing. */
  void forgetMemory(String name) throws PodkitException;

  Pods pods();

  /** Images, layers and copying of trees. */
  PodFileSystem fileSystem();

  /** Named volumes, and what pods left behind. */
  Volumes volumes();

  Checkpoints checkpoints();

  Commits commits();

  HostInspector host();

  /** How container engines tell this host of their containers. */
  ContainerHook containerHook();

  Departures departures();

  Arrivals arrivals();
}
