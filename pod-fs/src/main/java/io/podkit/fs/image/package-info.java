/** Images: names for stacks of layers. */
@NullMarked
package io.podkit.fs.image;

import org.jspecify.annotations.NullMarked;
