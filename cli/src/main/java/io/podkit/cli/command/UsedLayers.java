package io.podkit.cli.command;

import io.podkit.core.api.PodStatus;
import io.podkit.fs.api.LayerDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The layers that pods need, whether they run or not. */
final class UsedLayers {
  private UsedLayers() {}

  static Set<LayerDigest> of(List<PodStatus> pods) {
    Set<LayerDigest> needed = new HashSet<>();
    for (PodStatus pod : pods) {
      pod.layers().forEach(layer -> needed.add(LayerDigest.parse(layer)));
    }
    return needed;
  }
}
