/** Parts of dump and restore that need neither root nor CRIU. */
@NullMarked
package io.podkit.core.checkpoint;

import org.jspecify.annotations.NullMarked;
