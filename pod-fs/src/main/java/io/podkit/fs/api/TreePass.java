package io.podkit.fs.api;

import java.time.Duration;

/**
 * What one pass over a tree did.
 *
 * @param scanned entries looked at
 * @param changed entries written to the stream with their content, or new
 * @param metadata entries of which only attributes were written
 * @param deleted deletions written; a directory counts once
 * @param bytes bytes written to the stream
 * @param searched whether the whole tree was looked at; else only what the kernel told of
 * @param scanTime time to find what changed
 * @param sendTime time to read and write it
 */
public record TreePass(
    long scanned,
    long changed,
    long metadata,
    long deleted,
    long bytes,
    boolean searched,
    Duration scanTime,
    Duration sendTime) {}
