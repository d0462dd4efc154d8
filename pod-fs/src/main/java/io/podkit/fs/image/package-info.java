/** Images: names for lists of layers, and the import of directories and tar files. */
@NullMarked
package io.podkit.fs.image;

import org.jspecify.annotations.NullMarked;
