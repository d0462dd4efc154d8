/**
 * The {@code pod} command: parse, call, render.
 *
 * <p>The only place that knows picocli and the standard streams.
 */
@NullMarked
package io.podkit.cli;

import org.jspecify.annotations.NullMarked;
