/**
 * Layers on storage that several hosts share: found by their names, compared with their digests
 * before they are used, and mounted from where they lie.
 */
@NullMarked
package io.podkit.fs.source;

import org.jspecify.annotations.NullMarked;
