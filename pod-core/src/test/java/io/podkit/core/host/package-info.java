/** What a host is, read from text of real machines. */
@NullMarked
package io.podkit.core.host;

import org.jspecify.annotations.NullMarked;
