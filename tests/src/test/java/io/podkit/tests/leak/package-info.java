/** Whether the tests leave anything behind on the machine. */
@NullMarked
package io.podkit.tests.leak;

import org.jspecify.annotations.NullMarked;
