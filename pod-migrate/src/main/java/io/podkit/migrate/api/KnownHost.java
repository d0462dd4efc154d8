package io.podkit.migrate.api;

import java.util.Locale;

/**
 * A host of the inventory.
 *
 * @param name as in its certificate
 * @param address name or IP address at which its agent is called; its certificate has the name
 * @param port of its agent
 */
public record KnownHost(String name, String address, int port) {
  public KnownHost {
    name = name.toLowerCase(Locale.ROOT); // as in every certificate
    if (name.isBlank() || address.isBlank() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "'" + name + "' at '" + address + "' port " + port + " is no host");
    }
  }
}
