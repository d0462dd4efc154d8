/** Locks, on a real directory. */
@NullMarked
package io.podkit.migrate.lock;

import org.jspecify.annotations.NullMarked;
