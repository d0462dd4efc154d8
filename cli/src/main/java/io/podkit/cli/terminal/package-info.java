/**
 * The user's end of a pod's streams: standard streams, terminal modes, signals.
 *
 * <p>Knows nothing of the commands; an attachment is all it needs of an engine.
 */
@NullMarked
package io.podkit.cli.terminal;

import org.jspecify.annotations.NullMarked;
