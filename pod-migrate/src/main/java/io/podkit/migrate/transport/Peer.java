package io.podkit.migrate.transport;

import io.podkit.migrate.pki.PeerName;
import java.net.InetSocketAddress;

/**
 * The other host of a connection, as its certificate names it.
 *
 * @param name who it is
 * @param address where the connection leads
 */
public record Peer(PeerName name, InetSocketAddress address) {

  /** The host's name, for messages. */
  @Override
  public String toString() {
    return name.host().value();
  }
}
