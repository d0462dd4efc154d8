package io.podkit.migrate.protocol;

/** Optional parts of the protocol, as they are announced. */
public final class Capabilities {
  /** Memory in {@link Bulk.PageBatch}, in rounds, filled in after the pod runs. */
  public static final String PAGE_BATCHES = "page-batches";

  /** {@link Control.LinkProbe}. */
  public static final String LINK_PROBE = "link-probe";

  private Capabilities() {}
}
