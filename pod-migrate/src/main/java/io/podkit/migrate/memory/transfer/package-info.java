/**
 * Pages on their way: read from the pod, compared with what the target has, packed into batches and
 * sent over several channels; unpacked there.
 */
@NullMarked
package io.podkit.migrate.memory.transfer;

import org.jspecify.annotations.NullMarked;
