package io.podkit.core.network;

import io.podkit.core.api.NetworkAddress;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The virtual cable of one pod: its host end is a port of the bridge, its other end is {@code eth0}
 * in the pod's network namespace. Unplugging the host end is how a pod is cut off while it is
 * frozen: no packet then reaches a socket that cannot answer, and the pod itself sees no change.
 * State is the kernel's; two processes may hold one at the same time.
 *
 * <p>Each operation is one or two forks of {@code ip}, some milliseconds, because some run while
 * the pod stands still.
 */
public final class PodNetwork {
  private final NetworkConfig config;
  private final NetworkAddress address;
  private final String hostEnd;

  /**
   * @param hostEnd device name of the end on the host, at most 15 characters, unique on this
   *     machine
   */
  public PodNetwork(NetworkConfig config, NetworkAddress address, String hostEnd) {
    this.config = config;
    this.address = address;
    this.hostEnd = hostEnd;
  }

  /** Makes what all pods share, so that it is not made while a pod stands still. */
  public void prepare() throws PodkitException {
    new Bridge(config).ensure();
  }

  /**
   * Lays the cable into the network namespace of process {@code pid} and sets the addresses there.
   * The host end is not plugged in yet: see {@link #plug}.
   */
  public void connect(long pid) throws PodkitException {
    connect(of(pid));
  }

  /** As {@link #connect(long)}, into a namespace that may have no process yet. */
  public void connect(Path namespace) throws PodkitException {
    lay(namespace, "");
  }

  /** As {@link #connect} and {@link #plug}, at once. */
  public void connectAndPlug(long pid) throws PodkitException {
    lay(of(pid), " master " + config.bridge());
  }

  /** In one script, because each process that a JVM starts takes as long as all of these. */
  private void lay(Path namespace, String bridge) throws PodkitException {
    String host =
        """
        ip -batch - <<'END'
        link add %1$s type veth peer name eth0 address %2$s netns %3$s
        link set %1$s up%4$s
        END
        exec nsenter --net=%3$s sh -e -c "$1"
        """
            .formatted(hostEnd, address.mac(), namespace, bridge);
    // arp_notify and ndisc_notify: the kernel itself announces the pod whenever its MAC is set, see
    // announce().
    boolean v6 = !address.ipv6().isEmpty(); // what was a container may have none
    String pod =
        """
        for s in ipv4/conf/all/arp_notify ipv6/conf/all/ndisc_notify; do echo 1 >/proc/sys/net/$s; done
        exec ip -batch - <<'END'
        link set lo up
        addr add %1$s/%2$d dev eth0
        %3$s
        link set eth0 up
        route add default via %4$s
        %5$s
        END
        """
            .formatted(
                address.ipv4(),
                address.ipv4Prefix(),
                v6
                    ? "addr add %s/%d dev eth0 nodad"
                        .formatted(address.ipv6(), address.ipv6Prefix())
                    : "",
                config.gateway4(),
                v6 ? "route add default via %s dev eth0".formatted(config.gateway6()) : "");
    Command.of("sh", "-e", "-c", host, "sh", pod)
        .runOrThrow("cannot connect the pod to its network");
  }

  /** For a pod without a network: only its loopback device. */
  public static void loopback(long pid) throws PodkitException {
    loopback(of(pid));
  }

  /** As {@link #loopback(long)}. */
  public static void loopback(Path namespace) throws PodkitException {
    link(namespace, "cannot bring up the pod's loopback device", "lo", "up");
  }

  /** Plugs the host end into the bridge; no error if it is plugged in already. */
  public void plug() throws PodkitException {
    batch(
        "link set %s master %s\n".formatted(hostEnd, config.bridge()),
        "cannot connect the pod to its bridge");
  }

  /** Pulls the host end out of the bridge; no error if it is out already. */
  public void unplug() throws PodkitException {
    batch("link set %s nomaster\n".formatted(hostEnd), "cannot cut the pod off from its bridge");
  }

  /**
   * Tells the segment where the pod is now, so that switches and neighbours stop sending to its
   * former host. Setting a MAC, even the same one, makes the kernel send a gratuitous ARP request
   * and an unsolicited neighbour advertisement.
   */
  public void announce(long pid) throws PodkitException {
    announce(of(pid));
  }

  /** As {@link #announce(long)}. */
  public void announce(Path namespace) throws PodkitException {
    link(namespace, "cannot announce the pod", "eth0", "address", address.mac());
  }

  /** Removes the cable; no error if there is none. */
  public void remove() throws PodkitException {
    if (!Devices.exists(hostEnd)) {
      return;
    }
    try {
      batch("link del %s\n".formatted(hostEnd), "cannot remove the pod's cable");
    } catch (PodkitException e) {
      // The kernel removes it by itself with the pod's last process, perhaps in this very moment.
      if (Devices.exists(hostEnd)) {
        throw e;
      }
    }
  }

  private static void batch(String commands, String what) throws PodkitException {
    Command.of("ip", "-batch", "-")
        .stdin(commands.getBytes(StandardCharsets.UTF_8))
        .runOrThrow(what);
  }

  /**
   * Without a shell, like all that has to do with addresses: another host may have written them.
   */
  private static void link(Path namespace, String what, String... words) throws PodkitException {
    List<String> command =
        new ArrayList<>(List.of("nsenter", "--net=" + namespace, "ip", "link", "set"));
    command.addAll(List.of(words));
    Command.of(command).runOrThrow(what);
  }

  private static Path of(long pid) {
    return Path.of("/proc", Long.toString(pid), "ns/net");
  }
}
