package io.podkit.core.api;

/**
 * How much a host has, and how busy it is. What is free now is in {@link HostFacts}.
 *
 * @param cpus processors that run
 * @param load processes that ran or waited to run, on average over the last minute
 * @param memoryBytes all of its memory
 * @param diskBytes size of the filesystem where pods' files lie
 */
public record HostCapacity(int cpus, double load, long memoryBytes, long diskBytes) {}
