package io.podkit.core.network;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How pods of this host are connected, from {@code network.json} in the root directory; without
 * that file, a bridge of Podkit's own with address translation outward. Hosts that exchange pods
 * need bridges on one segment: there an operator writes the file.
 *
 * @param bridge name of the bridge device
 * @param ipv4 the segment's IPv4 subnet
 * @param gateway4 IPv4 gateway of the pods
 * @param pool4 the part of {@code ipv4} this host gives addresses from; hosts on one segment need
 *     different pools
 * @param ipv6 the segment's IPv6 subnet
 * @param gateway6 IPv6 gateway of the pods
 * @param manage whether Podkit makes the bridge and translates addresses; otherwise the bridge must
 *     be there
 */
public record NetworkConfig(
    String bridge,
    String ipv4,
    String gateway4,
    @Nullable String pool4,
    String ipv6,
    String gateway6,
    boolean manage) {
  static final String FILE = "network.json";
  private static final NetworkConfig DEFAULT =
      new NetworkConfig(
          "pod0",
          "10.90.0.0/16",
          "10.90.0.1",
          null,
          "fd90:706f:646b::/64",
          "fd90:706f:646b::1",
          true);

  public NetworkConfig {
    if (!bridge.matches("[a-zA-Z0-9_.-]{1,15}")) {
      throw new IllegalArgumentException("'" + bridge + "' is not a device name");
    }
    Subnet four = Subnet.parse(ipv4);
    Subnet six = Subnet.parse(ipv6);
    if (!four.contains(Subnet.literal(gateway4)) || !six.contains(Subnet.literal(gateway6))) {
      throw new IllegalArgumentException("a gateway lies outside its subnet");
    }
    if (pool4 != null && !four.contains(Subnet.parse(pool4).base())) {
      throw new IllegalArgumentException("the pool " + pool4 + " lies outside " + ipv4);
    }
  }

  public static NetworkConfig load(HostDirs dirs, ObjectMapper json) throws PodkitException {
    Path file = dirs.root().resolve(FILE);
    if (!Files.exists(file)) {
      return DEFAULT;
    }
    try {
      return json.readValue(Files.readAllBytes(file), NetworkConfig.class);
    } catch (IOException e) {
      throw new PodkitException(
          ErrorKind.USAGE,
          "cannot use " + file + ": " + e.getMessage(),
          new Hint(
              "it needs bridge, ipv4, gateway4, ipv6, gateway6, manage and, if hosts share the segment, pool4"),
          e);
    }
  }

  /**
   * Whether a pod with that IPv4 address can be reached on this host's segment; no address of the
   * peer's is looked up.
   */
  public boolean covers(String address) {
    try {
      return subnet4().contains(Subnet.literal(address));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  Subnet subnet4() {
    return Subnet.parse(ipv4);
  }

  Subnet subnet6() {
    return Subnet.parse(ipv6);
  }

  Subnet pool() {
    return pool4 == null ? subnet4() : Subnet.parse(pool4);
  }
}
