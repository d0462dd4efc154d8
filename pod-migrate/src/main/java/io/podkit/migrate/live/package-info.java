/**
 * How a running migration is told what to do by another process on its host: a socket in the run
 * directory, one JSON line as the request and one as the answer. Knows nothing of the engine.
 */
@NullMarked
package io.podkit.migrate.live;

import org.jspecify.annotations.NullMarked;
