package io.podkit.migrate.api;

/**
 * A pod that an evacuation has moved to another host, and that can be brought back.
 *
 * @param pod its name
 * @param host where it was moved
 */
public record AwayPod(String pod, KnownHost host) {}
