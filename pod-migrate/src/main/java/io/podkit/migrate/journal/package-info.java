/**
 * What each host remembers of a migration: the durable decision about who owns the pod. Nothing
 * here moves anything.
 */
@NullMarked
package io.podkit.migrate.journal;

import org.jspecify.annotations.NullMarked;
