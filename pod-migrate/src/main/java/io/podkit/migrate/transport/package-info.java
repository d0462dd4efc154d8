/**
 * Carrying messages between hosts: TLS, connections, the agent's listener, the bandwidth limit.
 *
 * <p>Knows no migration: what is said and what it means is the business of source and target. Uses
 * {@code protocol} and {@code pki} of this module.
 */
@NullMarked
package io.podkit.migrate.transport;

import org.jspecify.annotations.NullMarked;
