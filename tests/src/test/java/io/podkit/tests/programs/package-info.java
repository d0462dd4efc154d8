/** Java programs that run inside pods. */
@NullMarked
package io.podkit.tests.programs;

import org.jspecify.annotations.NullMarked;
