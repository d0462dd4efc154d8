/**
 * Filling the memory of a pod that runs already: the index for the helper that does it, and the
 * conversation with that helper.
 */
@NullMarked
package io.podkit.migrate.memory.fill;

import org.jspecify.annotations.NullMarked;
