/** Tests of volumes on one host. */
@NullMarked
package io.podkit.core.volume;

import org.jspecify.annotations.NullMarked;
