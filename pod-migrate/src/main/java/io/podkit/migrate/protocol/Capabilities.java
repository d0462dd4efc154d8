package io.podkit.migrate.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Optional parts of the protocol, as they are announced. */
public final class Capabilities {
  /** Memory in {@link Bulk.PageBatch}, in rounds, filled in after the pod runs. */
  public static final String PAGE_BATCHES = "page-batches";

  /** {@link Bulk.PagesWanted}: memory that follows a pod which runs already. */
  public static final String FAULT_CHANNEL = "fault-channel";

  /** {@link Control.LinkProbe}. */
  public static final String LINK_PROBE = "link-probe";

  /** Layers that are offered, continued where they broke off, several at a time. */
  public static final String LAYER_RESUME = "layer-resume";

  /** {@link Control.FileNeeds}. */
  public static final String FILE_NEEDS = "file-needs";

  /** {@link Control.HostQuery} and what follows it: what a host is, its marks, emptying it. */
  public static final String HOSTS = "hosts";

  /** Records of containers that are to be podman's again, with what podman wrote of them. */
  public static final String PODMAN = "podman";

  /** What lets a restored pod wait for its memory, since Linux 6.1. */
  private static final Path USERFAULTS = Path.of("/dev/userfaultfd");

  private Capabilities() {}

  /** What a host can do that has this program and this kernel. */
  public static Set<String> ofThisHost() {
    Set<String> capabilities =
        new HashSet<>(Set.of(LINK_PROBE, LAYER_RESUME, FILE_NEEDS, HOSTS, PODMAN));
    if (Files.exists(USERFAULTS)) {
      capabilities.addAll(Set.of(PAGE_BATCHES, FAULT_CHANNEL));
    }
    return capabilities;
  }
}
