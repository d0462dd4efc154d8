/** The inventory as a file, whole and damaged. */
@NullMarked
package io.podkit.migrate.memory.inventory;

import org.jspecify.annotations.NullMarked;
