/** The durable records of this host's pods and the locks that serialise changes of one pod. */
@NullMarked
package io.podkit.core.store;

import org.jspecify.annotations.NullMarked;
