package io.podkit.core.api;

/**
 * Which container of which engine an adopted pod is.
 *
 * @param engine {@code podman}, {@code cri-o}, or {@code oci} for one that does not say
 * @param id what the engine calls it, in full
 */
public record ContainerRef(String engine, String id) {}
