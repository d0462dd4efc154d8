/**
 * How Podkit says that something failed: one checked exception with a kind, a sentence and a hint.
 *
 * <p>Nothing here knows why things fail; the hint texts live in one catalogue class per module.
 */
@NullMarked
package io.podkit.error;

import org.jspecify.annotations.NullMarked;
