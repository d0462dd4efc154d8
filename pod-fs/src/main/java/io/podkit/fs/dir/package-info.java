/**
 * Walking directories that others may change at the same moment: by descriptor, one name at a time,
 * never through a link.
 *
 * <p>Uses only {@code io.podkit.linux}; knows nothing of pods.
 */
@NullMarked
package io.podkit.fs.dir;

import org.jspecify.annotations.NullMarked;
