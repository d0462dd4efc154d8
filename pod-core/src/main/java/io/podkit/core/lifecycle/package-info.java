/** Creating, starting, stopping and removing pods, and commands inside them. */
@NullMarked
package io.podkit.core.lifecycle;

import org.jspecify.annotations.NullMarked;
