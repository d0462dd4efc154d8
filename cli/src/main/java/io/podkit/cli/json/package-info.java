/**
 * The shapes that {@code -o json} prints, documented in docs/json-output.md: names never change,
 * members may be added. Sizes are bytes, durations milliseconds, times ISO 8601 in UTC; what has no
 * value is null.
 */
@NullMarked
package io.podkit.cli.json;

import org.jspecify.annotations.NullMarked;
