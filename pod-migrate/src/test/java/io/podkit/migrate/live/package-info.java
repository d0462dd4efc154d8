/** Orders to a running migration, over a real socket. */
@NullMarked
package io.podkit.migrate.live;

import org.jspecify.annotations.NullMarked;
