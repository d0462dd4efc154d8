package io.podkit.fs.archive;

import org.jspecify.annotations.Nullable;

/**
 * A layer in an archive: a tar file, packed or not.
 *
 * @param path where it lies in the archive
 * @param digest of the file as it lies there, {@code sha256:HEX}; null if the archive does not say
 * @param diffId digest of the tar file unpacked
 */
public record ArchivedLayer(String path, @Nullable String digest, String diffId) {}
