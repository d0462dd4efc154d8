package io.podkit.core.checkpoint;

import io.podkit.core.api.Capability;
import io.podkit.core.api.HostCheck;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds what a pod made in its network namespace and a move would lose: Podkit lays the pod's own
 * cable again and carries nothing else there. Only a pod with CAP_NET_ADMIN can have made anything.
 */
final class NetworkSurvey {
  private static final Set<String> OURS = Set.of("lo", "eth0");

  private NetworkSurvey() {}

  static List<HostCheck> blockers(PodRecord record, InitProcess init) throws PodkitException {
    if (!record.spec().capabilities().contains(Capability.NET_ADMIN)) {
      return List.of();
    }
    List<HostCheck> found = new ArrayList<>();
    List<String> extra = interfaces(inside(init, "ip", "-o", "link", "show"));
    if (!extra.isEmpty()) {
      found.add(
          blocker(
              record,
              "has network interfaces of its own: " + String.join(" ", extra),
              "remove them in the pod: ip link del NAME"));
    }
    if (!inside(init, "nft", "list", "ruleset").isBlank()) {
      found.add(
          blocker(
              record,
              "has firewall rules of its own",
              "remove them in the pod: nft flush ruleset"));
    }
    return found;
  }

  /**
   * Names in the output of {@code ip -o link show} that Podkit did not make: {@code 2: dummy0@if3:
   * <...>}.
   */
  static List<String> interfaces(String output) {
    return output
        .lines()
        .map(line -> line.split(": ", 3))
        .filter(fields -> fields.length == 3)
        .map(fields -> fields[1].replaceFirst("@.*", ""))
        .filter(name -> !OURS.contains(name))
        .toList();
  }

  private static String inside(InitProcess init, String... argv) throws PodkitException {
    List<String> words =
        new ArrayList<>(List.of("nsenter", "--net=/proc/" + init.pid() + "/ns/net"));
    words.addAll(List.of(argv));
    return Command.of(words).runOrThrow("cannot look at the pod's network").stdout();
  }

  private static HostCheck blocker(PodRecord record, String finding, String cure) {
    return new HostCheck(
        "pod " + record.name(),
        HostCheck.Level.BLOCKS,
        finding + ", which a move would lose",
        cure);
  }
}
