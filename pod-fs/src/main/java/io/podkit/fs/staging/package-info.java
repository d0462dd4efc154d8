/** What a pod sees as its root: overlay, devices, shared memory. */
@NullMarked
package io.podkit.fs.staging;

import org.jspecify.annotations.NullMarked;
