package io.podkit.fs.api;

/**
 * How much a tree holds.
 *
 * @param entries files, directories and others, without the root itself
 * @param bytes what its regular files take on disk: a hole counts nothing, hard links count once
 */
public record TreeSize(long entries, long bytes) {}
