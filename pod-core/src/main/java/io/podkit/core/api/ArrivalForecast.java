package io.podkit.core.api;

import java.util.List;

/**
 * What a host says of a pod that may come to it.
 *
 * @param blockers what stands in the way; empty if nothing does
 * @param volumes what would become of each of its volumes, in the order of the question
 */
public record ArrivalForecast(List<HostCheck> blockers, List<VolumeFate> volumes) {
  /** Copies both lists. */
  public ArrivalForecast {
    blockers = List.copyOf(blockers);
    volumes = List.copyOf(volumes);
  }
}
