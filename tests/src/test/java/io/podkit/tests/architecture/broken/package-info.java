/**
 * A product in small that breaks every rule of {@code Walls} once. Its packages are named after
 * ours.
 */
@NullMarked
package io.podkit.tests.architecture.broken;

import org.jspecify.annotations.NullMarked;
