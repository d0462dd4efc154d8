/**
 * Where the engines' log goes and how much of it. The only package that knows what stands behind
 * SLF4J.
 */
@NullMarked
package io.podkit.cli.logging;

import org.jspecify.annotations.NullMarked;
