package io.podkit.core.container;

import io.podkit.core.api.NetworkAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds which addresses a container's {@code eth0} has from /proc alone: to enter its network
 * namespace would take a fork for each line of {@code pod ps}.
 */
final class ContainerAddress {
  private static final String DEVICE = "eth0";
  private static final int LINK_SCOPE = 0x20;

  private ContainerAddress() {}

  /** Null without an {@code eth0} that has an IPv4 address: the host's network, or none. */
  static @Nullable NetworkAddress of(Path process) {
    try {
      // Without its MAC: that is in /sys only, and the container decides what lies there.
      return parse(
          Files.readAllLines(process.resolve("net/route")),
          Files.readAllLines(process.resolve("net/fib_trie")),
          Files.readAllLines(process.resolve("net/if_inet6")),
          "");
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return null; // it ended, or has no network
    }
  }

  /** From files of /proc/PID/net: route, fib_trie and if_inet6. */
  static @Nullable NetworkAddress parse(
      List<String> routes, List<String> trie, List<String> inet6, String mac) {
    for (String line : routes) {
      String[] fields = line.trim().split("\\s+", -1);
      if (fields[0].equals(DEVICE) && !fields[7].equals("00000000")) {
        int network = littleEndian(fields[1]);
        int mask = littleEndian(fields[7]);
        String address = local(trie, network, mask);
        if (address != null) {
          return withInet6(address, Integer.bitCount(mask), inet6, mac);
        }
      }
    }
    return null;
  }

  private static int littleEndian(String hex) {
    return Integer.reverseBytes(HexFormat.fromHexDigits(hex));
  }

  /** The address that is followed by "/32 host LOCAL" and lies in that network. */
  private static @Nullable String local(List<String> trie, int network, int mask) {
    String last = "";
    for (String line : trie) {
      String trimmed = line.trim();
      if (trimmed.startsWith("|-- ")) {
        last = trimmed.substring("|-- ".length());
      } else if (trimmed.equals("/32 host LOCAL") && (number(last) & mask) == network) {
        return last;
      }
    }
    return null;
  }

  private static int number(String dotted) {
    int number = 0;
    for (String part : dotted.split("\\.", -1)) {
      number = number << 8 | Integer.parseInt(part);
    }
    return number;
  }

  /** The kernel's 32 digits as people write them, zeros not drawn together. */
  private static String colons(String digits) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < digits.length(); at += 4) {
      text.append(at == 0 ? "" : ":");
      text.append(Integer.toHexString(HexFormat.fromHexDigits(digits, at, at + 4)));
    }
    return text.toString();
  }

  /** A global IPv6 address before the one that every link has. */
  private static NetworkAddress withInet6(String ipv4, int prefix, List<String> inet6, String mac) {
    String best = "";
    int bestPrefix = 0;
    for (String line : inet6) {
      String[] fields = line.trim().split("\\s+", -1);
      if (fields.length >= 6 && fields[5].equals(DEVICE)) {
        boolean linkLocal = HexFormat.fromHexDigits(fields[3]) == LINK_SCOPE;
        if (best.isEmpty() || !linkLocal) {
          best = colons(fields[0]);
          bestPrefix = HexFormat.fromHexDigits(fields[2]);
        }
      }
    }
    return new NetworkAddress(ipv4, prefix, best, bestPrefix, mac);
  }
}
