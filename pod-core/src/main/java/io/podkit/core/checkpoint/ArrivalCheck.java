package io.podkit.core.checkpoint;

import static io.podkit.core.api.HostCheck.Level.BLOCKS;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.HostFacts;
import io.podkit.core.api.NetworkAddress;
import io.podkit.core.network.NetworkConfig;
import io.podkit.core.store.PodRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a pod could come to this host: found without touching anything. */
final class ArrivalCheck {
  /** What CRIU, its images and this host itself need beyond the pod's own memory. */
  private static final long MEMORY_MARGIN = 64L << 20;

  private static final long DISK_MARGIN = 64L << 20;

  private final NetworkConfig network;
  private final HostFacts facts;
  private final Map<String, PodRecord> present;

  /**
   * A check against one host.
   *
   * @param present the pods that are here, by name
   */
  ArrivalCheck(NetworkConfig network, HostFacts facts, Map<String, PodRecord> present) {
    this.network = network;
    this.facts = facts;
    this.present = present;
  }

  List<HostCheck> blockers(PodRecord pod, long memoryBytes, long diskBytes) {
    List<HostCheck> found = new ArrayList<>();
    if (present.containsKey(pod.name().value())) {
      found.add(
          new HostCheck(
              "name",
              BLOCKS,
              "a pod named " + pod.name() + " is there already",
              "remove or rename one of them"));
    }
    address(pod.address(), found);
    // Images and the pod's own pages are in memory at the same time while it is restored.
    room("memory", 2 * memoryBytes + MEMORY_MARGIN, facts.memoryAvailableBytes(), found);
    room("disk", diskBytes + DISK_MARGIN, facts.diskAvailableBytes(), found);
    return found;
  }

  private void address(@Nullable NetworkAddress address, List<HostCheck> found) {
    if (address == null) {
      return;
    }
    if (!network.covers(address.ipv4())) {
      found.add(
          new HostCheck(
              "address",
              BLOCKS,
              address.ipv4() + " is outside the target's pod network " + network.ipv4(),
              "hosts that exchange pods need one segment: give both the same subnets in network.json"));
    }
    for (PodRecord other : present.values()) {
      if (other.address() != null && other.address().ipv4().equals(address.ipv4())) {
        found.add(
            new HostCheck(
                "address",
                BLOCKS,
                address.ipv4() + " belongs to pod " + other.name() + " there",
                "remove that pod, or give each host its own pool4 in network.json"));
      }
    }
  }

  private static void room(String what, long needed, long available, List<HostCheck> found) {
    if (needed > available) {
      found.add(
          new HostCheck(
              what,
              BLOCKS,
              "needs " + (needed >> 20) + " MiB, the target has " + (available >> 20) + " MiB",
              "free some there, or choose another target"));
    }
  }
}
