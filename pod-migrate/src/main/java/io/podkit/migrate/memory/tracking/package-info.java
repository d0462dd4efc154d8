/**
 * Which pages a running pod writes to: found out without stopping it for longer than a few
 * milliseconds, process by process.
 */
@NullMarked
package io.podkit.migrate.memory.tracking;

import org.jspecify.annotations.NullMarked;
