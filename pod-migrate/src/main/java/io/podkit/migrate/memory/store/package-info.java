/**
 * Memory on the target before there are processes to have it: each page once, the last one that
 * came.
 */
@NullMarked
package io.podkit.migrate.memory.store;

import org.jspecify.annotations.NullMarked;
