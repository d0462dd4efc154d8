package io.podkit.core.api;

import io.podkit.linux.Pid;

/**
 * One process of a pod, zombies left out.
 *
 * @param pid on this host
 * @param podPid in the pod, the same on every host
 */
public record PodProcess(Pid pid, long podPid) {}
