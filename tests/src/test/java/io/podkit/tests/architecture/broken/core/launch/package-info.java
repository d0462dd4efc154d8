/** Part of the sample that breaks every wall. */
@NullMarked
package io.podkit.tests.architecture.broken.core.launch;

import org.jspecify.annotations.NullMarked;
