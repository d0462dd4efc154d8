/** Inventory and marks, on a real directory. */
@NullMarked
package io.podkit.migrate.host;

import org.jspecify.annotations.NullMarked;
