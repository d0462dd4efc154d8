/**
 * What commands get from outside: the engines, the streams, the clock, the options of {@code pod}.
 *
 * <p>Tests put fakes here.
 */
@NullMarked
package io.podkit.cli.context;

import org.jspecify.annotations.NullMarked;
