/** Files of a tree that untrusted processes write to, reached without ever leaving it. */
@NullMarked
package io.podkit.fs.rooted;

import org.jspecify.annotations.NullMarked;
