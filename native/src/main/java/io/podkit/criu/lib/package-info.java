/** libcriu as JNR sees it; only {@code io.podkit.criu} uses it. */
@NullMarked
package io.podkit.criu.lib;

import org.jspecify.annotations.NullMarked;
