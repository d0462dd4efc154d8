/** Tests of connections, on the loopback device. */
@NullMarked
package io.podkit.migrate.transport;

import org.jspecify.annotations.NullMarked;
