/** Dumping a pod's processes and bringing them back, to a file or to another host. */
@NullMarked
package io.podkit.core.checkpoint;

import org.jspecify.annotations.NullMarked;
