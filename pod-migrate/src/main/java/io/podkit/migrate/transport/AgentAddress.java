package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent is to be found.
 *
 * @param host a name or IP address
 * @param port 1 to 65535
 * @param expectedName the name its certificate must have; null for {@code host} itself
 */
public record AgentAddress(String host, int port, @Nullable String expectedName) {

  /** Where an agent listens unless told otherwise. */
  public static final int DEFAULT_PORT = 7617;

  private static final int MAX_PORT = 65535;

  /** Refuses a port that does not exist. */
  public AgentAddress {
    if (host.isBlank() || port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("'" + host + "' port " + port + " is no address");
    }
  }

  /**
   * Reads {@code HOST}, {@code HOST:PORT}, {@code V6ADDRESS} or {@code [V6ADDRESS]:PORT}.
   *
   * @throws PodkitException USAGE if it is none of them
   */
  public static AgentAddress parse(String text) throws PodkitException {
    String host = text;
    String port = Integer.toString(DEFAULT_PORT);
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      host = end < 0 ? "" : text.substring(1, end);
      String rest = text.substring(end + 1);
      if (rest.startsWith(":")) {
        port = rest.substring(1);
      } else if (!rest.isEmpty()) {
        host = "";
      }
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.contains(":")) {
      int colon = text.indexOf(':');
      host = text.substring(0, colon);
      port = text.substring(colon + 1);
    }
    try {
      return new AgentAddress(host, Integer.parseInt(port), null);
    } catch (IllegalArgumentException e) {
      throw PodkitException.usage("'" + text + "' is not HOST or HOST:PORT");
    }
  }

  /** The name or address that the certificate must have. */
  String name() {
    return expectedName == null ? host : expectedName;
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
