/** Limits, use and freezing of a pod through cgroup v1, v2 or both. */
@NullMarked
package io.podkit.core.cgroup;

import org.jspecify.annotations.NullMarked;
