/** From a record to a running pid 1: the plan that pod-init executes. */
@NullMarked
package io.podkit.core.launch;

import org.jspecify.annotations.NullMarked;
