/**
 * What a move would be like, before it is made: measurements behind ports, put together with the
 * same rules that decide in a migration. Changes nothing on either host.
 */
@NullMarked
package io.podkit.migrate.check;

import org.jspecify.annotations.NullMarked;
