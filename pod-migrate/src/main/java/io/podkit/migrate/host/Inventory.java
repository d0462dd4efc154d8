package io.podkit.migrate.host;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.KnownHost;
import java.util.List;

/**
 * Where it is written down which hosts there are. One file is the default; a store that several
 * hosts share can stand behind this as well. Thread-safe, and safe against other processes.
 */
public interface Inventory {
  /** All hosts, by name. */
  List<KnownHost> list() throws PodkitException;

  /** Adds a host or replaces the one of that name. */
  void put(KnownHost host) throws PodkitException;

  /**
   * Removes a host.
   *
   * @return whether there was one of that name
   */
  boolean remove(String name) throws PodkitException;
}
