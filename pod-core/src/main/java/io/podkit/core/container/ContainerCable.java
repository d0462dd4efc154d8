package io.podkit.core.container;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The virtual cable that an engine laid to a container. Its end on this host is taken down while
 * the container stands still: no packet then reaches a socket that cannot answer. In the container
 * nothing is changed.
 *
 * @param hostEnd the device on this host, or null if there is none that could be taken down
 * @param mac of the container's end; empty without one
 * @param others devices of the container that a pod could not have
 */
public record ContainerCable(@Nullable String hostEnd, String mac, List<String> others) {
  private static final String DEVICE = "eth0";
  private static final Pattern LINE =
      Pattern.compile("([0-9]+): ([^:@]+)(?:@if([0-9]+))?: .*?(?:link/ether ([0-9a-f:]{17}).*)?");

  static ContainerCable of(long pid) throws PodkitException {
    String what = "cannot look at the container's network";
    List<Link> inside =
        parse(
            Command.of(
                    "nsenter", "--net=/proc/" + pid + "/ns/net", "ip", "-o", "-d", "link", "show")
                .runOrThrow(what)
                .stdout());
    return between(
        inside, parse(Command.of("ip", "-o", "-d", "link", "show").runOrThrow(what).stdout()));
  }

  /**
   * A device.
   *
   * @param peer number of the other end of a virtual cable, or 0
   */
  record Link(int index, String name, int peer, String mac) {}

  /** From what {@code ip -o -d link show} prints. */
  static List<Link> parse(String output) {
    List<Link> links = new ArrayList<>();
    for (String line : output.lines().toList()) {
      Matcher device = LINE.matcher(line);
      if (device.matches()) {
        boolean cable = line.contains(" veth ") && device.group(3) != null;
        links.add(
            new Link(
                Integer.parseInt(device.group(1)),
                device.group(2),
                cable ? Integer.parseInt(device.group(3)) : 0,
                device.group(4) == null ? "" : device.group(4)));
      }
    }
    return links;
  }

  /** Numbers are each namespace's own: both ends have to name each other. */
  static ContainerCable between(List<Link> container, List<Link> host) {
    @Nullable String hostEnd = null;
    String mac = "";
    List<String> others = new ArrayList<>();
    for (Link link : container) {
      if (link.name().equals(DEVICE)) {
        mac = link.mac();
        for (Link other : host) {
          if (link.peer() != 0 && other.index() == link.peer() && other.peer() == link.index()) {
            hostEnd = other.name();
          }
        }
      } else if (!link.name().equals("lo")) {
        others.add(link.name());
      }
    }
    return new ContainerCable(hostEnd, mac, others);
  }

  /** Cuts a container off; no error if it is, or if its engine took the cable away. */
  public static void unplug(String hostEnd) throws PodkitException {
    set(hostEnd, "down");
  }

  /** Undoes {@link #unplug}. */
  public static void plug(String hostEnd) throws PodkitException {
    set(hostEnd, "up");
  }

  /** Not asked before whether it is there: the JVM does not see devices that are down. */
  private static void set(String hostEnd, String state) throws PodkitException {
    CommandResult result = Command.of("ip", "link", "set", "dev", hostEnd, state).run();
    if (!result.success() && !result.stderr().contains("Cannot find device")) {
      throw PodkitException.of(
          ErrorKind.COMMAND,
          "cannot set the container's network device "
              + hostEnd
              + " "
              + state
              + ": "
              + result.stderr().strip());
    }
  }
}
