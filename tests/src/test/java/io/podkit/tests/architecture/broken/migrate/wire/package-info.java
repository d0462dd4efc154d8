/** Part of the sample that breaks every wall. */
@NullMarked
package io.podkit.tests.architecture.broken.migrate.wire;

import org.jspecify.annotations.NullMarked;
