package io.podkit.migrate.api;

import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.error.PodkitException;
import io.podkit.migrate.wiring.MigrationWiring;
import java.net.InetSocketAddress;

/** Moving pods from and to one host: the way in to this module. Thread-safe. */
public interface Migrations {
  static Migrations of(PodRuntime runtime) {
    return new MigrationWiring(runtime);
  }

  Migration prepare(MigrationRequest request) throws PodkitException;

  /**
   * Says what a move would be like; changes nothing.
   *
   * @throws PodkitException NOT_FOUND or CONFLICT if no such pod runs here, UNSUPPORTED if this
   *     host cannot measure it
   */
  CheckReport check(CheckRequest request) throws PodkitException;

  /**
   * A migration of that pod from this host that runs in any process.
   *
   * @throws PodkitException NOT_FOUND if none does
   */
  LiveControl running(PodName pod) throws PodkitException;

  /** An agent that will listen on {@code address}; port 0 takes any. */
  Agent agent(InetSocketAddress address) throws PodkitException;

  /** Which hosts there are, and what each says of itself. */
  Hosts hosts() throws PodkitException;

  /** Emptying hosts. */
  Evacuations evacuations() throws PodkitException;

  Recovery recovery() throws PodkitException;
}
