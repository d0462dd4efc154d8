package io.podkit.core.api;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a running pod uses, from its cgroup.
 *
 * @param name the pod
 * @param cpuTime processor time used since it was started on this host
 * @param cpuPercent processor use over the sampled interval, 100 is one core
 * @param memoryBytes memory charged to it, in bytes
 * @param memoryLimit its limit in bytes, if it has one
 * @param pids processes and threads it has
 * @param pidsLimit its limit, if it has one
 * @param netReceivedBytes bytes received on its interface
 * @param netSentBytes bytes sent on its interface
 */
public record PodStats(
    PodName name,
    Duration cpuTime,
    double cpuPercent,
    long memoryBytes,
    OptionalLong memoryLimit,
    long pids,
    OptionalLong pidsLimit,
    long netReceivedBytes,
    long netSentBytes) {}
