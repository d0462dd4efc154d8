/**
 * A pod on one host: its spec, its life, its checkpoint and restore.
 *
 * <p>Signatures use only JDK types and types of this package.
 */
@NullMarked
package io.podkit.core.api;

import org.jspecify.annotations.NullMarked;
