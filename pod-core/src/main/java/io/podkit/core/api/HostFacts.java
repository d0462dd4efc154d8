package io.podkit.core.api;

import java.util.Set;

/**
 * What a host tells its peers.
 *
 * @param hostname its name
 * @param kernel release of its kernel
 * @param architecture machine architecture as {@code uname -m} says
 * @param criuVersion version of its CRIU
 * @param cpuFeatures flags of its processors that a process may have come to rely on
 * @param memoryAvailableBytes memory that can be given out without swapping
 * @param diskAvailableBytes free space where pods' files lie
 */
public record HostFacts(
    String hostname,
    String kernel,
    String architecture,
    String criuVersion,
    Set<String> cpuFeatures,
    long memoryAvailableBytes,
    long diskAvailableBytes) {
  public HostFacts {
    cpuFeatures = Set.copyOf(cpuFeatures);
  }
}
