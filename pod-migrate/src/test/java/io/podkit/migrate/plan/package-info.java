/** The planner, on hosts and pods that were made up. */
@NullMarked
package io.podkit.migrate.plan;

import org.jspecify.annotations.NullMarked;
