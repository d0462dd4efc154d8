/** Decisions of the engine, without root and without a second host. */
@NullMarked
package io.podkit.migrate.api;

import org.jspecify.annotations.NullMarked;
