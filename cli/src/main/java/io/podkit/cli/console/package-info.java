/**
 * What the commands' users see: tables, JSON, errors with hints, progress, exit codes.
 *
 * <p>Results go to standard output, text for people to standard error. Nothing here calls an
 * engine.
 */
@NullMarked
package io.podkit.cli.console;

import org.jspecify.annotations.NullMarked;
