package io.podkit.core.store;

/**
 * The pid 1 of a running pod as the host sees it, told apart from a later process with the same
 * pid.
 *
 * @param pid its pid on the host
 * @param startTime when it started, in clock ticks since boot
 * @param bootId the boot it started in
 */
public record InitProcess(long pid, long startTime, String bootId) {}
