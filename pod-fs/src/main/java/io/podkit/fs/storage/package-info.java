/** What trees ask of a filesystem, and whether this host's can give it: found by trying. */
@NullMarked
package io.podkit.fs.storage;

import org.jspecify.annotations.NullMarked;
