/**
 * Copying a directory tree to another host in passes: scan, compare, stream, apply. The stream's
 * layout is described in {@code docs/tree-stream.md}.
 *
 * <p>Whoever writes to the tree meanwhile, and whoever sends the stream, is hostile until checked.
 */
@NullMarked
package io.podkit.fs.tree;

import org.jspecify.annotations.NullMarked;
