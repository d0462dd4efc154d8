package io.podkit.migrate.host;

import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.protocol.Capabilities;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Request;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.migrate.transport.AgentClient;
import io.podkit.migrate.transport.ControlChannel;
import java.time.Duration;

/** Asks agents of other hosts, one question on each connection. Thread-safe. */
public final class HostCalls {
  public static final int DEFAULT_PORT = AgentAddress.DEFAULT_PORT;

  private final AgentClient client;

  public HostCalls(AgentClient client) {
    this.client = client;
  }

  /**
   * Asks.
   *
   * @throws PodkitException PEER if it does not answer or is another host, UNSUPPORTED if its
   *     Podkit does not know such questions
   */
  public <A extends Control, R extends Control & Request<A>> A ask(
      KnownHost host, R question, Duration patience) throws PodkitException {
    AgentAddress agent = new AgentAddress(host.address(), host.port(), host.name());
    try (ControlChannel control = client.connect(agent)) {
      if (!control.capabilities().contains(Capabilities.HOSTS)) {
        throw PodkitException.unsupported(
            "host " + host.name() + " has a Podkit that tells nothing of itself",
            new Hint("install the same version there as here"));
      }
      return control.ask(question, patience);
    }
  }
}
