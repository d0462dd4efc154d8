/** Part of the sample that breaks every wall. */
@NullMarked
package io.podkit.tests.architecture.broken.linux.lib;

import org.jspecify.annotations.NullMarked;
