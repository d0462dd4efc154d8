/**
 * A pod's filesystem: layers, images, the staging tree, volumes and deltas.
 *
 * <p>Signatures use only JDK types and types of this package.
 */
@NullMarked
package io.podkit.fs.api;

import org.jspecify.annotations.NullMarked;
