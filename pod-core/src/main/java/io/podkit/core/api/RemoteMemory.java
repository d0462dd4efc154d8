package io.podkit.core.api;

/**
 * Memory of a pod that runs here and that its former host still has.
 *
 * @param source that host, as it called itself
 * @param connected whether somebody is fetching it; if not the pod stands still wherever it needs a
 *     page of it
 */
public record RemoteMemory(String source, boolean connected) {}
