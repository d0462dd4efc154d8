/**
 * C libraries as JNR sees them: C names, no logic, nothing but declarations.
 *
 * <p>Only {@code io.podkit.linux} and {@code io.podkit.criu} use these; they read errno beside the
 * call. The interfaces must be public, because JNR's stubs live in a class loader of their own.
 */
@NullMarked
package io.podkit.linux.lib;

import org.jspecify.annotations.NullMarked;
