package io.podkit.criu;

/**
 * What CRIU finds on this kernel.
 *
 * @param memoryTracking soft-dirty bits, which pre-dump needs
 * @param lazyPages userfaultfd with its non-cooperative events
 * @param pidfdStore pids told apart across pre-dumps
 */
public record FeatureReport(boolean memoryTracking, boolean lazyPages, boolean pidfdStore) {}
