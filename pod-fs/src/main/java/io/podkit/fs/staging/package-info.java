/**
 * What a pod sees as its root: an overlay of layers and its own directory, a tmpfs for its devices
 * and one for its shared memory.
 */
@NullMarked
package io.podkit.fs.staging;

import org.jspecify.annotations.NullMarked;
