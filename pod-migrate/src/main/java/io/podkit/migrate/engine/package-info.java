/**
 * Moving one pod: the source's phases, the target's answers, and what both do after a crash. Never
 * prints; what happens is told to a listener.
 */
@NullMarked
package io.podkit.migrate.engine;

import org.jspecify.annotations.NullMarked;
