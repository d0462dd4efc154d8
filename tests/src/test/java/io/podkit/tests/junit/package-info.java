/** When a test may run. */
@NullMarked
package io.podkit.tests.junit;

import org.jspecify.annotations.NullMarked;
