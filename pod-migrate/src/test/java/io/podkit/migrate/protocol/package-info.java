/** Tests of messages and frames. */
@NullMarked
package io.podkit.migrate.protocol;

import org.jspecify.annotations.NullMarked;
