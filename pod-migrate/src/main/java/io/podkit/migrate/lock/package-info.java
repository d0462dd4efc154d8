/** Locks between processes of one host. */
@NullMarked
package io.podkit.migrate.lock;

import org.jspecify.annotations.NullMarked;
