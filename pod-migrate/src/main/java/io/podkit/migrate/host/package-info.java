/** Hosts: which there are, what each is, and what it says of itself. Moves nothing. */
@NullMarked
package io.podkit.migrate.host;

import org.jspecify.annotations.NullMarked;
