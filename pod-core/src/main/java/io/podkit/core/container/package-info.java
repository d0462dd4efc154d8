/**
 * Containers that an engine started: the hook through which it tells of them, the notes that the
 * hook leaves, and what of them is true now. Starts no engine and asks none; may use the store and
 * the launch package.
 */
@NullMarked
package io.podkit.core.container;

import org.jspecify.annotations.NullMarked;
