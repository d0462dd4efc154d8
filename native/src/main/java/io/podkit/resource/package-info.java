/**
 * Ownership of things that must be undone when a set-up of several steps fails half way.
 *
 * <p>Uses only {@code io.podkit.error} and the JDK.
 */
@NullMarked
package io.podkit.resource;

import org.jspecify.annotations.NullMarked;
