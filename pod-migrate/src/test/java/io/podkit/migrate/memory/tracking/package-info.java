/** Which memory is whose. */
@NullMarked
package io.podkit.migrate.memory.tracking;

import org.jspecify.annotations.NullMarked;
