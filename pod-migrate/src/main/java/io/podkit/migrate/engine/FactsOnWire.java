package io.podkit.migrate.engine;

import io.podkit.core.api.HostFacts;
import io.podkit.migrate.protocol.HostFactsJson;

/** A host's facts in the form that travels, and back. */
final class FactsOnWire {
  private FactsOnWire() {}

  static HostFactsJson of(HostFacts facts) {
    return new HostFactsJson(
        facts.kernel(),
        facts.architecture(),
        facts.criuVersion(),
        facts.cpuFeatures(),
        facts.memoryAvailableBytes(),
        facts.diskAvailableBytes());
  }

  static HostFacts toFacts(String host, HostFactsJson facts) {
    return new HostFacts(
        host,
        facts.kernel(),
        facts.architecture(),
        facts.criuVersion(),
        facts.cpuFeatures(),
        facts.memoryAvailableBytes(),
        facts.diskAvailableBytes());
  }
}
