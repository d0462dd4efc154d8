/** Reading and writing, from the host, files of a tree in which untrusted processes write. */
@NullMarked
package io.podkit.fs.rooted;

import org.jspecify.annotations.NullMarked;
