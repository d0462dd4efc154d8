package io.podkit.core.network;

import io.podkit.core.api.NetworkAddress;
import java.net.Inet6Address;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether addresses that another host wrote are addresses, digit by digit: they become arguments of
 * programs of this host's root. Nothing is looked up. Pure.
 */
public final class AddressLiterals {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern OCTETS = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
  private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:]{2,39}");
  private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}");

  private AddressLiterals() {}

  /** The IPv6 address may be missing, as in what was a container; nothing else may. */
  public static boolean areProper(NetworkAddress address) {
    return is(OCTETS, address.ipv4())
        && isPrefix(address.ipv4Prefix(), 32)
        && isInet6(address.ipv6(), address.ipv6Prefix())
        && is(MAC, address.mac());
  }

  private static boolean isInet6(@Nullable String text, int prefix) {
    if (text != null && text.isEmpty()) {
      return prefix == 0;
    }
    if (text == null || !is(COLONS, text) || !text.contains(":") || !isPrefix(prefix, 128)) {
      return false;
    }
    try {
      return Subnet.literal(text) instanceof Inet6Address;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isPrefix(int bits, int most) {
    return bits > 0 && bits <= most;
  }

  /** False of what the other host left out. */
  private static boolean is(Pattern pattern, @Nullable String text) {
    return text != null && pattern.matcher(text).matches();
  }
}
