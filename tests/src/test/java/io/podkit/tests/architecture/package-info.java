/** The walls of the design as tests, and the proof that each of them can fall. */
@NullMarked
package io.podkit.tests.architecture;

import org.jspecify.annotations.NullMarked;
