/** What this host is and can do. */
@NullMarked
package io.podkit.core.host;

import org.jspecify.annotations.NullMarked;
