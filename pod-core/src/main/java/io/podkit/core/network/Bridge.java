package io.podkit.core.network;

import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The host's bridge that pods are plugged into. */
final class Bridge {
  private final NetworkConfig config;

  Bridge(NetworkConfig config) {
    this.config = config;
  }

  /** Makes sure the bridge is there; makes it, with translation outward, if it is ours to make. */
  void ensure() throws PodkitException {
    if (Devices.exists(config.bridge())) {
      return;
    }
    if (!config.manage()) {
      throw PodkitException.of(
          ErrorKind.UNSUPPORTED,
          "the bridge " + config.bridge() + " that " + NetworkConfig.FILE + " names does not exist",
          new Hint(
              "make it: ip link add "
                  + config.bridge()
                  + " type bridge; ip link set "
                  + config.bridge()
                  + " up"));
    }
    Command.of("ip", "-batch", "-")
        .stdin(script().getBytes(StandardCharsets.UTF_8))
        .runOrThrow("cannot make the bridge " + config.bridge());
    forward("net/ipv4/ip_forward");
    forward("net/ipv6/conf/all/forwarding");
    Command.of("nft", "-f", "-")
        .stdin(translation().getBytes(StandardCharsets.UTF_8))
        .runOrThrow("cannot translate the addresses of pods outward");
  }

  private String script() {
    String bridge = config.bridge();
    return """
        link add %1$s type bridge forward_delay 0
        addr add %2$s/%3$d dev %1$s
        addr add %4$s/%5$d dev %1$s nodad
        link set %1$s up
        """
        .formatted(
            bridge,
            config.gateway4(),
            config.subnet4().prefix(),
            config.gateway6(),
            config.subnet6().prefix());
  }

  private String translation() {
    return """
        table inet podkit_%1$s {
          chain postrouting {
            type nat hook postrouting priority srcnat; policy accept;
            ip saddr %2$s oifname != "%1$s" masquerade
            ip6 saddr %3$s oifname != "%1$s" masquerade
          }
        }
        """
        .formatted(config.bridge(), config.ipv4(), config.ipv6());
  }

  private static void forward(String sysctl) throws PodkitException {
    try {
      Files.writeString(Path.of("/proc/sys", sysctl), "1");
    } catch (IOException e) {
      throw PodkitException.io("cannot switch on " + sysctl, e);
    }
  }
}
