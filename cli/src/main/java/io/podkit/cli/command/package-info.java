/**
 * One class for each command: annotations, then {@code call()} converts, calls an engine and
 * renders.
 */
@NullMarked
package io.podkit.cli.command;

import org.jspecify.annotations.NullMarked;
