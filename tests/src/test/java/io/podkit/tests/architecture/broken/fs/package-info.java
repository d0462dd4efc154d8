/** Part of the sample that breaks every wall. */
@NullMarked
package io.podkit.tests.architecture.broken.fs;

import org.jspecify.annotations.NullMarked;
