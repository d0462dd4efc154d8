/** Where pods of a host that is emptied go. Pure: reads nothing, moves nothing. */
@NullMarked
package io.podkit.migrate.plan;

import org.jspecify.annotations.NullMarked;
