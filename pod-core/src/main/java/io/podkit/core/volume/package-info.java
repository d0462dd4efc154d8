/**
 * Volumes of pods on one host: where they lie, what becomes of them when a pod comes or goes, and
 * the records that survive a crash.
 *
 * <p>Uses the records of {@code io.podkit.core.store} and knows no running pod.
 */
@NullMarked
package io.podkit.core.volume;

import org.jspecify.annotations.NullMarked;
