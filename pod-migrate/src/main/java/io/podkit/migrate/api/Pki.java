package io.podkit.migrate.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import io.podkit.migrate.wiring.Wiring;
import java.nio.file.Path;
import java.util.List;

/**
 * Who may move pods to whom: one certificate authority, and a certificate for each host that it
 * vouches for. All of it lies in {@code <root>/pki}, keys readable by their owner only.
 *
 * <pre>{@code
 * hostA: pod pki init; pod pki issue hostA -o a; pod pki install a
 *        pod pki issue hostB --address 192.0.2.2 -o b      (copy b to hostB, safely)
 * hostB: pod pki install b
 * }</pre>
 */
public interface Pki {

  /** The keys under that {@code --root}; touches nothing yet. */
  static Pki open(Path root) {
    return Wiring.pki(root);
  }

  /** Where they lie. */
  Path directory();

  /**
   * Creates a certificate authority, valid for ten years.
   *
   * @param force replace an existing one; hosts that hold its certificates then no longer trust
   *     those issued from now on
   * @throws PodkitException CONFLICT if there is one and {@code force} was not given
   */
  @CanIgnoreReturnValue
  Issued init(boolean force) throws PodkitException;

  /**
   * Makes a key and certificate for one host, valid for two years, and writes {@code host.key},
   * {@code host.crt} and {@code ca.crt} into a directory that can be taken to that host.
   *
   * @param host the name by which other hosts will call it
   * @param addresses further names and IP addresses by which it may be called
   * @param directory is made if missing, mode 0700
   * @param force overwrite what an earlier call wrote there
   * @throws PodkitException NOT_FOUND if there is no authority here, CONFLICT if the directory
   *     holds a bundle already, USAGE for a name that cannot stand in a certificate
   */
  @CanIgnoreReturnValue
  Issued issue(String host, List<String> addresses, Path directory, boolean force)
      throws PodkitException;

  /**
   * Takes a bundle that {@link #issue} wrote as this host's own.
   *
   * @param bundle the directory
   * @param force replace another key and certificate
   * @throws PodkitException NOT_FOUND if something is missing from it, REFUSED if key, certificate
   *     and authority do not belong together or the key is readable by others, CONFLICT if this
   *     host has another certificate and {@code force} was not given
   */
  @CanIgnoreReturnValue
  Issued install(Path bundle, boolean force) throws PodkitException;

  /**
   * This host's own certificate.
   *
   * @throws PodkitException NOT_FOUND if there is none, REFUSED if it has expired or cannot be
   *     used; the hint says how to get a new one
   */
  Issued own() throws PodkitException;
}
