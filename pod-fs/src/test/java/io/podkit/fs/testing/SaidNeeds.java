package io.podkit.fs.testing;

import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerNeeds;
import io.podkit.fs.api.StagingName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Pods that are as a test says. Whoever it says nothing of uses nothing. */
public final class SaidNeeds implements LayerNeeds {
  private final Map<StagingName, Set<LayerDigest>> named = new HashMap<>();
  private final Map<StagingName, Use> uses = new HashMap<>();

  /** No pods. */
  public static SaidNeeds nothing() {
    return new SaidNeeds();
  }

  /** With a pod of that name, whose record names those layers. */
  public SaidNeeds pod(StagingName name, LayerDigest... layers) {
    named.put(name, new HashSet<>(Arrays.asList(layers)));
    return this;
  }

  /** With somebody who stands so. */
  public SaidNeeds use(StagingName name, Use use) {
    uses.put(name, use);
    return this;
  }

  @Override
  public Map<StagingName, Set<LayerDigest>> named() {
    return named;
  }

  @Override
  public Use of(StagingName user) {
    return uses.getOrDefault(user, Use.NONE);
  }
}
