package io.podkit.migrate.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import java.util.List;

/**
 * The hosts that pods move between: an inventory kept here, and what each says of itself. This host
 * answers without its agent, any other through it. Thread-safe.
 */
public interface Hosts {
  /** The inventory, by name. */
  List<KnownHost> list() throws PodkitException;

  /** Adds a host, or changes where it is called. */
  void add(KnownHost host) throws PodkitException;

  /**
   * Forgets a host; nothing is changed there.
   *
   * @throws PodkitException NOT_FOUND if the inventory has none of that name
   */
  void remove(String name) throws PodkitException;

  /**
   * The host of that name: one of the inventory, or this one.
   *
   * @throws PodkitException NOT_FOUND if there is none
   */
  KnownHost find(String name) throws PodkitException;

  /**
   * Asks a host what it is and has.
   *
   * @throws PodkitException PEER if it cannot be asked
   */
  HostStatus status(KnownHost host) throws PodkitException;

  /** Asks several at once; the answers are in their order. */
  List<HostAnswer> statuses(List<KnownHost> hosts) throws PodkitException;

  /**
   * Changes a host's marks, which it keeps itself.
   *
   * @return the host as it is now
   */
  @CanIgnoreReturnValue
  HostStatus mark(KnownHost host, HostMarks marks) throws PodkitException;
}
