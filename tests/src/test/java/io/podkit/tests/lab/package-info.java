/** The two hosts of {@code tests/lab} for Java tests. */
@NullMarked
package io.podkit.tests.lab;

import org.jspecify.annotations.NullMarked;
