package io.podkit.cli.json;

import io.podkit.core.api.NetworkAddress;
import org.jspecify.annotations.Nullable;

/**
 * A pod's addresses.
 *
 * @param ipv4 dotted
 * @param ipv4Prefix prefix length in bits
 * @param ipv6 with colons
 * @param ipv6Prefix prefix length in bits
 * @param mac lower-case hexadecimal with colons
 */
public record AddressJson(String ipv4, int ipv4Prefix, String ipv6, int ipv6Prefix, String mac) {
  static @Nullable AddressJson of(@Nullable NetworkAddress address) {
    return address == null
        ? null
        : new AddressJson(
            address.ipv4(),
            address.ipv4Prefix(),
            address.ipv6(),
            address.ipv6Prefix(),
            address.mac());
  }
}
