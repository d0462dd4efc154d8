package io.podkit.core.network;

import io.podkit.core.api.NetworkAddress;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives each pod addresses for its life. They follow from the pod's id, so two hosts rarely pick
 * the same, and the IPv6 address and the MAC follow from the IPv4 address. Pure.
 */
public final class AddressAllocator {
  private final NetworkConfig config;

  public AddressAllocator(NetworkConfig config) {
    this.config = config;
  }

  /**
   * Addresses for a new pod.
   *
   * @param id the pod's id: hex digits
   * @param wanted the IPv4 address asked for, or null
   * @param used IPv4 addresses of other pods
   */
  public NetworkAddress allocate(String id, @Nullable String wanted, Set<String> used)
      throws PodkitException {
    InetAddress ipv4 = wanted == null ? pick(id, used) : check(wanted, used);
    byte[] four = ipv4.getAddress();
    InetAddress ipv6 = config.subnet6().at(new BigInteger(1, four));
    // The locally administered bit makes it ours; a bridge takes the lowest MAC of its ports, so a
    // high byte is kind.
    String mac = "0e:50:" + HexFormat.ofDelimiter(":").formatHex(four);
    return new NetworkAddress(
        ipv4.getHostAddress(),
        config.subnet4().prefix(),
        ipv6.getHostAddress(),
        config.subnet6().prefix(),
        mac);
  }

  private InetAddress check(String wanted, Set<String> used) throws PodkitException {
    InetAddress address;
    try {
      address = Subnet.literal(wanted);
    } catch (IllegalArgumentException e) {
      throw new PodkitException(
          ErrorKind.USAGE, "cannot use --ip " + wanted + ": " + e.getMessage(), null, e);
    }
    if (!config.subnet4().contains(address)) {
      throw PodkitException.of(
          ErrorKind.USAGE,
          "the address " + wanted + " is outside this host's pod network " + config.ipv4(),
          new Hint("choose one inside it, or leave --ip away"));
    }
    if (used.contains(address.getHostAddress()) || reserved(address)) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "the address " + wanted + " is in use",
          new Hint("pod ps -a shows the addresses of this host's pods"));
    }
    return address;
  }

  private InetAddress pick(String id, Set<String> used) throws PodkitException {
    Subnet pool = config.pool();
    BigInteger hosts = pool.hosts();
    BigInteger start = new BigInteger(id, 16).mod(hosts);
    for (int i = 0; i < Math.min(hosts.longValue(), 1 << 16); i++) {
      BigInteger index = start.add(BigInteger.valueOf(i)).mod(hosts).add(BigInteger.ONE);
      InetAddress candidate = pool.at(index);
      if (!used.contains(candidate.getHostAddress()) && !reserved(candidate)) {
        return candidate;
      }
    }
    throw PodkitException.of(
        ErrorKind.CONFLICT,
        "no address is left in " + pool.base().getHostAddress() + "/" + pool.prefix(),
        new Hint("remove pods that are not needed, or widen pool4 in " + NetworkConfig.FILE));
  }

  private boolean reserved(InetAddress address) {
    BigInteger last = config.subnet4().hosts().add(BigInteger.ONE);
    return address.equals(Subnet.literal(config.gateway4()))
        || address.equals(config.subnet4().base())
        || address.equals(config.subnet4().at(last));
  }
}
