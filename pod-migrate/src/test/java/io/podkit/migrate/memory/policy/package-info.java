/** Decisions about memory, without memory. */
@NullMarked
package io.podkit.migrate.memory.policy;

import org.jspecify.annotations.NullMarked;
