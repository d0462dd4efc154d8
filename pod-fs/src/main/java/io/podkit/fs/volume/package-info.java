/**
 * Volumes: comparing directories and single files of the host, and putting one in another's place.
 *
 * <p>Which pod sees which of them, and what it is to see, is decided elsewhere.
 */
@NullMarked
package io.podkit.fs.volume;

import org.jspecify.annotations.NullMarked;
