package io.podkit.migrate.api;

import io.podkit.error.PodkitException;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking a host: one of the two is null.
 *
 * @param host who was asked
 * @param status what it said
 * @param failure why it said nothing
 */
public record HostAnswer(
    KnownHost host, @Nullable HostStatus status, @Nullable PodkitException failure) {}
