/** Checks, with meters that say what the test wants. */
@NullMarked
package io.podkit.migrate.check;

import org.jspecify.annotations.NullMarked;
