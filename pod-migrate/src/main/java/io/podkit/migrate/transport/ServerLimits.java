package io.podkit.migrate.transport;

/**
 * How much of an agent its callers may take up.
 *
 * @param connections open at once, control and data
 * @param handshakes not yet known callers at once; beyond that callers are turned away
 * @param handshakesPerAddress the same from one address, so that one stranger cannot keep all
 *     others out
 */
public record ServerLimits(int connections, int handshakes, int handshakesPerAddress) {

  /** 256 connections, 32 handshakes, 16 of them from one address. */
  public static final ServerLimits STANDARD = new ServerLimits(256, 32, 16);

  /** Refuses limits that let nobody in. */
  public ServerLimits {
    if (connections < 1 || handshakes < 1 || handshakesPerAddress < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
