/**
 * What two hosts say to each other and how it is written down: {@code docs/protocol.md} in types.
 *
 * <p>Pure: no sockets, no clocks, no threads. Everything read here comes from a peer and is hostile
 * until it has been checked. Uses {@code io.podkit.error}, value types of {@code io.podkit.fs.api}
 * and Jackson, which no other package of this module needs to know.
 */
@NullMarked
package io.podkit.migrate.protocol;

import org.jspecify.annotations.NullMarked;
