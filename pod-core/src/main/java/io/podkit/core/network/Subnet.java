package io.podkit.core.network;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of IPv4 or IPv6 addresses.
 *
 * @param base first address of the range
 * @param prefix length of the common prefix, in bits
 */
record Subnet(InetAddress base, int prefix) {
  /**
   * Parses {@code ADDRESS/PREFIX}; a name instead of an address is refused, so that nothing is ever
   * looked up.
   */
  static Subnet parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("'" + text + "' is not a subnet: write ADDRESS/PREFIX");
    }
    InetAddress address = literal(text.substring(0, slash));
    int prefix = Integer.parseInt(text.substring(slash + 1));
    int bits = address.getAddress().length * 8;
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("'" + text + "' has a prefix longer than its address");
    }
    BigInteger mask = BigInteger.ONE.shiftLeft(bits - prefix).subtract(BigInteger.ONE).not();
    return new Subnet(address(number(address).and(mask), bits / 8), prefix);
  }

  /** An address written in digits. */
  static InetAddress literal(String text) {
    if (!text.matches("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      throw new IllegalArgumentException("'" + text + "' is not an IP address");
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
    }
  }

  boolean contains(InetAddress other) {
    int bits = base.getAddress().length * 8;
    return other.getAddress().length * 8 == bits
        && number(other).shiftRight(bits - prefix).equals(number(base).shiftRight(bits - prefix));
  }

  /** How many addresses lie between the network's own and the last one, both excluded. */
  BigInteger hosts() {
    return BigInteger.ONE.shiftLeft(base.getAddress().length * 8 - prefix).subtract(BigInteger.TWO);
  }

  /** The {@code index}th address of the range; index 0 is the network's own. */
  InetAddress at(BigInteger index) {
    return address(number(base).or(index), base.getAddress().length);
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  private static InetAddress address(BigInteger number, int length) {
    byte[] raw = number.toByteArray();
    byte[] bytes = new byte[length];
    int copied = Math.min(raw.length, length);
    System.arraycopy(raw, raw.length - copied, bytes, length - copied, copied);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + length, e);
    }
  }
}
