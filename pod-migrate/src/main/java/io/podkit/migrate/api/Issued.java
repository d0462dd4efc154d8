package io.podkit.migrate.api;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A certificate and where it lies.
 *
 * @param name the host or authority it names
 * @param addresses further names and addresses by which the host may be called
 * @param notAfter when it expires
 * @param fingerprint SHA-256 of the authority's certificate, in hexadecimal: the same on all hosts
 *     that trust each other
 * @param directory where the files are
 */
public record Issued(
    String name, List<String> addresses, Instant notAfter, String fingerprint, Path directory) {

  /** Copies the list. */
  public Issued {
    addresses = List.copyOf(addresses);
  }
}
