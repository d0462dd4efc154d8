/** What memory a pod has when it leaves: said by the source, checked and used by the target. */
@NullMarked
package io.podkit.migrate.memory.inventory;

import org.jspecify.annotations.NullMarked;
