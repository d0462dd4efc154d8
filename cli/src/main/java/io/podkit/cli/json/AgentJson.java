package io.podkit.cli.json;

/**
 * What {@code pod agent} prints once it accepts connections.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param address IP address it listens on
 * @param port port it listens on
 */
public record AgentJson(int schemaVersion, String address, int port) {
  public static AgentJson of(String address, int port) {
    return new AgentJson(Shapes.SCHEMA_VERSION, address, port);
  }
}
