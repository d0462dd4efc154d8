/** Read-only squashfs layers: stored by content, mounted once, counted by user. */
@NullMarked
package io.podkit.fs.layer;

import org.jspecify.annotations.NullMarked;
