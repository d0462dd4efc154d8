/** Puts the parts of this module together; nothing else here knows how they are made. */
@NullMarked
package io.podkit.core.wiring;

import org.jspecify.annotations.NullMarked;
