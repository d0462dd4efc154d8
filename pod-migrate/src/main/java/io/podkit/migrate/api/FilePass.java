package io.podkit.migrate.api;

import java.time.Duration;

/**
 * One pass over a pod's own files: the first sends all of them, each later one what changed.
 *
 * @param number from 1
 * @param podRan whether the pod ran meanwhile
 * @param searched whether all files were looked at; else only those of which the kernel told
 * @param scanned entries looked at
 * @param changed entries whose content, or part of it, was sent
 * @param deleted entries removed on the target
 * @param bytesSent bytes on the wire
 * @param took until the target had applied it
 */
public record FilePass(
    int number,
    boolean podRan,
    boolean searched,
    long scanned,
    long changed,
    long deleted,
    long bytesSent,
    Duration took) {}
