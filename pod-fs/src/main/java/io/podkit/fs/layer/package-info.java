/**
 * The layer store: squashfs files named by their digest, made with mksquashfs, mounted once however
 * many pods use them.
 */
@NullMarked
package io.podkit.fs.layer;

import org.jspecify.annotations.NullMarked;
