/** What the target makes of the pages that came. */
@NullMarked
package io.podkit.migrate.memory.store;

import org.jspecify.annotations.NullMarked;
