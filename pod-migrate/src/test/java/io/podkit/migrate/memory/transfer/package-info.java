/** Pages on their way, without a pod and without a network. */
@NullMarked
package io.podkit.migrate.memory.transfer;

import org.jspecify.annotations.NullMarked;
