package io.podkit.migrate.api;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One thing of a pod that would not survive a move, or that CRIU refuses to dump.
 *
 * @param what a file descriptor, a mapping, an interface, in a few words
 * @param pid the process that has it, as the host sees it; empty if none has
 * @param path where it leads, null if nowhere
 * @param reason why it is in the way
 * @param cure what to do about it, null if nothing can be done
 */
public record Blocker(
    String what, OptionalLong pid, @Nullable String path, String reason, @Nullable String cure) {}
