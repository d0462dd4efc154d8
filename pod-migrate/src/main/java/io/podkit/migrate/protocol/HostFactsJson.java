package io.podkit.migrate.protocol;

import java.util.Set;

/**
 * What a host tells its peer about itself.
 *
 * @param kernel release of its kernel
 * @param architecture machine architecture as {@code uname -m} says
 * @param criuVersion version of its CRIU
 * @param cpuFeatures flags of its processors that a process may have come to rely on
 * @param memoryAvailableBytes memory that can be given out without swapping
 * @param diskAvailableBytes free space where pods' files lie
 */
public record HostFactsJson(
    String kernel,
    String architecture,
    String criuVersion,
    Set<String> cpuFeatures,
    long memoryAvailableBytes,
    long diskAvailableBytes) {

  /** Makes the texts harmless to a terminal and copies the set. */
  public HostFactsJson {
    kernel = PeerText.clean(kernel);
    architecture = PeerText.clean(architecture);
    criuVersion = PeerText.clean(criuVersion);
    cpuFeatures = Set.copyOf(cpuFeatures);
  }
}
